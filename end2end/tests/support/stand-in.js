// The stand-in for the public services (crates/testkit), controlled over HTTP.

import { Process, STAND_IN } from './process.js';

export class StandIn extends Process {
  async start() {
    const address = await super.start(STAND_IN, []);
    if (!address) throw new Error(`${STAND_IN} does not start:\n${this.log.join('\n')}`);
    this.url = `http://${address}`;
    return this;
  }

  /** The requests so far: `{ total, requests, hosts, unknown, hugeBytes }`. */
  async calls() {
    return fetch(`${this.url}/__calls`).then((response) => response.json());
  }

  /** Forgets calls, faults and latency. */
  async reset() {
    return this.post('/__reset', {});
  }

  /** Makes a host misbehave: `fault('api.irail.be', 'slow', { ms: 3000 })`. */
  async fault(host, kind, more = {}) {
    return this.post('/__fault', { host, kind, ...more });
  }

  /** Milliseconds before every response. */
  async setLatency(ms) {
    return this.post('/__latency', { ms });
  }

  async post(path, body) {
    const response = await fetch(this.url + path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  }
}

// The stand-in: one loopback server in the place of every public service, with faults on demand.
//
// Voordeur, started with `--sources gateway=http://127.0.0.1:PORT`, asks `/HOST/PATH?QUERY` here instead of `https://HOST/PATH?QUERY`.
//
//   GET  /__calls   how often each request and each host was asked, which requests nobody knows, and how many bytes of huge answers left
//   POST /__reset   forgets calls and faults
//   POST /__fault   {"host": "api.irail.be", "kind": "slow", "ms": 30000}; `host` may be "*"; kinds:
//                   slow (ms), status (code), html, huge (50 MB), drop (the connection breaks in the middle of the body),
//                   replace (from, to: other text in the answer), none

import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from './answers.js';

const HUGE = 50 * 1024 * 1024;
const PIECE = Buffer.from('"0123456789abcdef",'.repeat(3_000));
const KINDS = ['slow', 'status', 'html', 'huge', 'drop', 'replace', 'none'];
const HTML = `<!DOCTYPE html><html><head><title>Sorry</title><script>window.hurt = true</script></head>
<body><h1>Gateway timeout</h1><p>Please log in to continue.</p></body></html>`;

/**
 * Starts a stand-in on a free port of loopback.
 * @param {{ port?: number, latency?: number }} options `latency`: milliseconds before every answer
 */
export async function startStandIn({ port = 0, latency = 0 } = {}) {
  const answer = answers();
  const faults = new Map();
  const state = { calls: new Map(), hosts: new Map(), unknown: new Set(), hugeBytes: 0, latency };

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      // Whoever asked may have left; anything else is a mistake in the stand-in.
      if (!response.destroyed) response.destroy();
      if (!['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(error.code)) {
        console.error(error);
      }
    });
  });

  async function handle(request, response) {
    const url = new URL(request.url, 'http://stand-in');
    if (url.pathname.startsWith('/__')) return control(request, response, url.pathname);
    const slash = url.pathname.indexOf('/', 1);
    const host = url.pathname.slice(1, slash < 0 ? undefined : slash);
    const path = slash < 0 ? '/' : url.pathname.slice(slash);
    const line = `${request.method} ${request.url}`;
    state.calls.set(line, (state.calls.get(line) ?? 0) + 1);
    state.hosts.set(host, (state.hosts.get(host) ?? 0) + 1);

    const fault = faults.get(host) ?? faults.get('*') ?? { kind: 'none' };
    const wait = state.latency + (fault.kind === 'slow' ? fault.ms : 0);
    if (wait > 0) {
      const left = new AbortController();
      response.once('close', () => left.abort());
      await sleep(wait, undefined, { signal: left.signal });
    }
    if (fault.kind === 'status') return send(response, fault.code, 'text/html', HTML);
    if (fault.kind === 'html') return send(response, 200, 'text/html; charset=utf-8', HTML);
    if (fault.kind === 'huge') return sendHuge(response);

    const known = answer(request.method, host, path, url.searchParams);
    if (!known) {
      state.unknown.add(line);
      return send(response, 404, 'text/plain', 'no widget asks this\n');
    }
    const body = fault.kind === 'replace' ? known.body.replaceAll(fault.from, fault.to) : known.body;
    if (fault.kind === 'drop') return breakOff(response, known.type, body);
    send(response, 200, known.type, body);
  }

  async function control(request, response, path) {
    const json = (status, value) => send(response, status, 'application/json', JSON.stringify(value));
    if (request.method === 'GET' && path === '/__calls') return json(200, calls());
    if (request.method === 'POST' && path === '/__reset') return json(200, reset());
    if (request.method === 'POST' && path === '/__fault') {
      let text = '';
      for await (const piece of request) text += piece;
      try {
        return json(200, setFault(JSON.parse(text)));
      } catch (error) {
        return json(400, { error: error.message });
      }
    }
    return json(404, { error: 'GET /__calls, POST /__reset, POST /__fault' });
  }

  function calls() {
    return {
      total: [...state.calls.values()].reduce((sum, count) => sum + count, 0),
      requests: Object.fromEntries(state.calls),
      hosts: Object.fromEntries(state.hosts),
      unknown: [...state.unknown],
      hugeBytes: state.hugeBytes,
    };
  }

  function reset() {
    for (const part of [state.calls, state.hosts, state.unknown, faults]) part.clear();
    state.hugeBytes = 0;
    return calls();
  }

  function setFault(fault) {
    if (typeof fault.host !== 'string' || !KINDS.includes(fault.kind)) {
      throw new Error(`a fault has a host and one of the kinds ${KINDS.join(', ')}`);
    }
    if (fault.kind === 'none') faults.delete(fault.host);
    else faults.set(fault.host, { ms: 30_000, code: 500, ...fault });
    return Object.fromEntries(faults);
  }

  async function sendHuge(response) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('[');
    for (let sent = 0; sent < HUGE && !response.destroyed; sent += PIECE.length) {
      state.hugeBytes += PIECE.length;
      if (!response.write(PIECE)) {
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
    }
    response.end('""]');
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    calls,
    reset,
    /** Makes a host misbehave: `fault('api.irail.be', 'slow', { ms: 3000 })`. */
    fault: (host, kind, more = {}) => setFault({ host, kind, ...more }),
    /** Milliseconds before every answer, from now on. */
    setLatency: (ms) => {
      state.latency = ms;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response, status, type, body) {
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
  response.end(bytes);
}

/** Promises the whole answer, sends half of it, and breaks the connection. */
function breakOff(response, type, body) {
  const bytes = Buffer.from(body);
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy());
}

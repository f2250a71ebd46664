// Starts the stand-in by hand: node stand-in/main.js [--port 4000] [--latency 200]

import { parseArgs } from 'node:util';
import { startStandIn } from './server.js';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, latency: { type: 'string', default: '0' } },
});
const standIn = await startStandIn({ port: Number(values.port), latency: Number(values.latency) });
console.log(`The stand-in answers at ${standIn.url}`);
console.log(`Start Voordeur with: target/release/voordeur --sources gateway=${standIn.url}`);

// Prints the messages of a queue, until it is stopped: node dist/worker.js orders
import { consume } from './consumer.js';

const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());

await consume(process.argv[2] ?? 'orders', async (message) => {
  console.log(`received ${message.body}`);
}, stop.signal);
// A handler that has not ended does not keep the process.
process.exit();

// Sends its words as messages: node dist/producer.js orders first second
import { randomUUID } from 'node:crypto';
import { call } from './calls.js';
import { putQueue, sendMessages } from './generated/index.js';

const [queue, ...bodies] = process.argv.slice(2);
if (!queue || bodies.length === 0) throw new Error('usage: producer <queue> <body>...');
const patience = AbortSignal.timeout(60_000);

// A queue that is there stays as it is.
await call((signal) => putQueue({ path: { queue }, headers: { 'If-None-Match': '*' }, signal }), patience).catch((error) => {
  if (error?.problem?.code !== 'preconditionFailed') throw error;
});

// The key is the same for every attempt of this send: however many of them arrive, the messages are stored once.
const headers = { 'Idempotency-Key': randomUUID() };
const body = { messages: bodies.map((body) => ({ body })) };
const { results } = await call((signal) => sendMessages({ path: { queue }, headers, body, signal }), patience);
for (const { id, error } of results) console.log(error ? `not sent: ${error.code}` : `sent ${id}`);

// Sends its words as messages: node dist/producer.js orders first second
import { randomUUID } from 'node:crypto';
import { status, type ServiceError } from '@grpc/grpc-js';
import { address, call, insecure, metadata, options } from './connection.js';
import { PutQueueRequest, QueueServiceClient, SendMessagesRequest } from './generated/messaging/v1/queue_service.js';

const [queue, ...bodies] = process.argv.slice(2);
if (!queue || bodies.length === 0) throw new Error('usage: producer <queue> <body>...');
const queues = new QueueServiceClient(address, insecure, options);

// A queue that is there stays as it is.
await call(queues, queues.putQueue, PutQueueRequest.create({ queue, precondition: { mustNotExist: true } })).catch((error: ServiceError) => {
  if (error.code !== status.ABORTED) throw error;
});

// Whoever repeats this send does it under the same key: however many attempts arrive, the messages are stored once.
const headers = metadata({ 'idempotency-key': randomUUID() });
const messages = bodies.map((body) => ({ body: Buffer.from(body) }));
const { results } = await call(queues, queues.sendMessages, SendMessagesRequest.create({ queue, messages }), { headers });
for (const { id, error } of results) console.log(error ? `not sent: ${error.code}` : `sent ${id}`);
queues.close();

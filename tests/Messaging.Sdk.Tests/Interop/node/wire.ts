// What is on the wire: large messages and their bound, compression both ways, and pings on a connection that is silent.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { compressionAlgorithms, status } from '@grpc/grpc-js';
import { call, insecure, options } from './connection.js';
import { HealthCheckRequest, HealthClient, type HealthCheckResponse } from './generated/health/v1/health.js';
import { ListQueuesRequest, QueueServiceClient, ReceiveMessagesRequest, SendMessagesRequest } from './generated/messaging/v1/queue_service.js';
import { countingWire, create, queues, receive, refused, send } from './suite.js';

const mebibyte = 1024 * 1024;
const gzip = { ...options, 'grpc.default_compression_algorithm': compressionAlgorithms.gzip };

after(() => queues.close());

test('sixteen mebibytes go through', async () => {
  const queue = await create({ maxMessageBytes: 16 * mebibyte });
  const body = randomBytes(16 * mebibyte);
  await send(queue, body);
  const [message] = await receive(queue, { waitSeconds: 5 });
  assert.ok(message.body.equals(body));
});

test('more than the server reads is refused by the wire', async () => {
  await refused(send(await create({ maxMessageBytes: 16 * mebibyte }), Buffer.alloc(21 * mebibyte)), status.RESOURCE_EXHAUSTED);
});

test('a message that is larger than its queue takes is refused by the queue', async () => {
  await refused(send(await create(), Buffer.alloc(2 * mebibyte)), status.INVALID_ARGUMENT, 'messageTooLarge', 'messages[0]');
});

test('gzip goes both ways', async () => {
  const queue = await create({ maxMessageBytes: 16 * mebibyte });
  const wire = await countingWire();
  const client = new QueueServiceClient(wire.address, insecure, gzip);
  const body = Buffer.alloc(8 * mebibyte);
  await call(client, client.sendMessages, SendMessagesRequest.create({ queue, messages: [{ body }] }));
  const { messages } = await call(client, client.receiveMessages, ReceiveMessagesRequest.create({ queue, waitSeconds: 5 }));
  assert.ok(messages[0].body.equals(body));
  assert.ok(wire.counted.asked < mebibyte && wire.counted.answered < mebibyte, JSON.stringify(wire.counted));
  client.close();
  wire.close();
});

test('a silent connection is kept by pings that the server answers', async () => {
  const wire = await countingWire();
  const pinging = { ...options, 'grpc.keepalive_time_ms': 1000, 'grpc.keepalive_permit_without_calls': 1 };
  const health = new HealthClient(wire.address, insecure, pinging);
  const watch = health.watch(HealthCheckRequest.create());
  const [first, ended] = [new Promise<HealthCheckResponse>((resolve) => watch.once('data', resolve)), new Promise((resolve) => watch.once('error', resolve))];
  await first;
  // Of RFC 9113, section 6.7: a ping has 17 bytes, and so has its answer. A server that found them too many would close the connection.
  assert.ok(await wire.waitFor(5 * 17), JSON.stringify(wire.counted));
  const client = new QueueServiceClient(wire.address, insecure, pinging);
  assert.deepEqual((await call(client, client.listQueues, ListQueuesRequest.create({ prefix: 'none-is-called-so' }))).queues, []);
  assert.equal(await Promise.race([ended, Promise.resolve('goes on')]), 'goes on');
  watch.cancel();
  await ended;
  for (const each of [client, health]) each.close();
  wire.close();
});

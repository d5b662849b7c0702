// Single calls: what goes in comes out, what is refused says why, and what takes too long ends at its deadline.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { makeGenericClientConstructor, Metadata, status } from '@grpc/grpc-js';
import { address, call, insecure, metadata } from './connection.js';
import { HealthCheckRequest, HealthCheckResponse_ServingStatus, HealthClient } from './generated/health/v1/health.js';
import { GetQueueRequest, PutQueueRequest, ReceiveMessagesRequest, SendMessagesRequest } from './generated/messaging/v1/queue_service.js';
import { create, queues, receive, refused, send, text, unique } from './suite.js';

after(() => queues.close());

test('a message comes out as it went in', async () => {
  const queue = await create();
  const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const message = {
    body, contentType: 'application/x-bytes', group: 'группа',
    attributes: {
      text: { value: { $case: 'text' as const, text: '日本' }, customType: '' },
      number: { value: { $case: 'number' as const, number: '1e3' }, customType: 'int' },
      binary: { value: { $case: 'binary' as const, binary: Buffer.from([0, 255]) }, customType: '' },
    },
  };
  const { results } = await call(queues, queues.sendMessages, SendMessagesRequest.create({ queue, messages: [message] }));
  const [received] = await receive(queue, { waitSeconds: 5 });
  assert.deepEqual([received.id, received.contentType, received.group, received.receiveCount], [results[0].id, 'application/x-bytes', 'группа', 1]);
  assert.ok(received.body.equals(body));
  assert.deepEqual(received.attributes, message.attributes);
  assert.ok(Math.abs(received.sentAt!.getTime() - Date.now()) < 60_000);
});

test('a field that is left out is not zero', async () => {
  const { queue } = await call(queues, queues.getQueue, GetQueueRequest.create({ queue: await create({ leaseSeconds: 0 }) }));
  const { leaseSeconds, maxMessageBytes, maxMessages } = queue!.definition!;
  assert.deepEqual([leaseSeconds, maxMessageBytes, maxMessages], [0, 1_048_576, undefined]);
});

test('binary metadata and unknown names do no harm', async () => {
  const headers = new Metadata();
  headers.set('x-trace-bin', Buffer.from([0, 255, 1]));
  headers.set('x-other', 'value');
  const queue = await create();
  assert.equal((await call(queues, queues.getQueue, GetQueueRequest.create({ queue }), { headers })).queue!.name, queue);
});

test('the server and its services are healthy', async () => {
  const health = new HealthClient(address, insecure);
  for (const service of ['', 'messaging.v1.QueueService', 'messaging.v1.TopicService'])
    assert.equal((await call(health, health.check, HealthCheckRequest.create({ service }))).status, HealthCheckResponse_ServingStatus.SERVING);
  health.close();
});

test('a refusal has a reason, and a message in any script', async () => {
  const queue = unique('очередь-日本');
  const error = await refused(call(queues, queues.getQueue, GetQueueRequest.create({ queue })), status.NOT_FOUND, 'queueNotFound');
  assert.ok(error.details.includes(queue), error.details);
});

test('a wrong value names its field', async () => {
  await refused(create({ leaseSeconds: -1 }), status.INVALID_ARGUMENT, 'invalidValue', 'definition.leaseSeconds');
  const messages = [{ body: text('a'), delivery: { $case: 'delaySeconds' as const, delaySeconds: -1 } }];
  const request = SendMessagesRequest.create({ queue: await create(), messages });
  await refused(call(queues, queues.sendMessages, request), status.INVALID_ARGUMENT, 'invalidValue', 'messages[0].delaySeconds');
});

test('of many messages, one that fails says why', async () => {
  const queue = await create({ maxMessageBytes: 1024 });
  const messages = [10, 2000].map((size) => ({ body: Buffer.alloc(size) }));
  const { results } = await call(queues, queues.sendMessages, SendMessagesRequest.create({ queue, messages }));
  assert.deepEqual(results.map((result) => result.error?.code), [undefined, 'messageTooLarge']);
});

test('a precondition that does not hold changes nothing', async () => {
  const request = PutQueueRequest.create({ queue: await create(), precondition: { mustNotExist: true } });
  await refused(call(queues, queues.putQueue, request), status.ABORTED, 'preconditionFailed');
});

test('a method that is not there is unimplemented', async () => {
  const bytes = (value: Buffer) => value;
  const Absent = makeGenericClientConstructor({
    absent: {
      path: '/messaging.v1.QueueService/Absent', requestStream: false, responseStream: false,
      requestSerialize: bytes, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes,
    },
  }, 'absent');
  const client = new Absent(address, insecure);
  await refused(call(client, client.absent.bind(client), Buffer.alloc(0)), status.UNIMPLEMENTED);
  client.close();
});

test('a call ends at its deadline, and takes no message with it', async () => {
  const queue = await create();
  const started = Date.now();
  await refused(call(queues, queues.receiveMessages, ReceiveMessagesRequest.create({ queue, waitSeconds: 60 }), { seconds: 0.5, headers: metadata() }), status.DEADLINE_EXCEEDED);
  assert.ok(Date.now() - started < 30_000);
  await send(queue, text('a'));
  const [message] = await receive(queue, { waitSeconds: 20 });
  assert.equal(message.receiveCount, 1);
});

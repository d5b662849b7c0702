// Topics as a user has them: published, fetched and followed, by groups and by subscriptions too; and a queue from end to end.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { address, call, insecure, metadata, options } from './connection.js';
import { AcknowledgeMessagesRequest, ExtendLeasesRequest, SendMessagesRequest } from './generated/messaging/v1/queue_service.js';
import { CommitOffsetsRequest, FetchForGroupRequest, GetGroupOffsetsRequest, GroupServiceClient } from './generated/messaging/v1/group_service.js';
import { PutSubscriptionRequest, SubscriptionServiceClient } from './generated/messaging/v1/subscription_service.js';
import { FetchRecordsRequest, PublishRecordsRequest, PutTopicRequest, StreamFetchRequest, StreamPublishRequest, TopicServiceClient } from './generated/messaging/v1/topic_service.js';
import { counts, create, patience, queues, receive, refused, send, text, unique } from './suite.js';

const topics = new TopicServiceClient(address, insecure, options);
const groups = new GroupServiceClient(address, insecure, options);
const subscriptions = new SubscriptionServiceClient(address, insecure, options);

after(() => [queues, topics, groups, subscriptions].forEach((client) => client.close()));

async function createTopic(): Promise<string> {
  const topic = unique('t');
  await call(topics, topics.putTopic, PutTopicRequest.create({ topic, definition: { partitions: 1 } }));
  return topic;
}

async function publish(topic: string, ...bodies: string[]) {
  const records = bodies.map((body) => ({ key: text('k'), body: text(body) }));
  return (await call(topics, topics.publishRecords, PublishRecordsRequest.create({ topic, records }))).results.map((result) => result.offset);
}

test('records are published and fetched', async () => {
  const topic = await createTopic();
  assert.deepEqual(await publish(topic, 'a', 'b'), [0, 1]);
  const page = await call(topics, topics.fetchRecords, FetchRecordsRequest.create({ topic }));
  assert.deepEqual(page.records.map((record) => [record.offset, `${record.key}`, `${record.body}`]), [[0, 'k', 'a'], [1, 'k', 'b']]);
  assert.equal(page.nextOffset, 2);
});

test('a partition is followed until the client leaves', async () => {
  const topic = await createTopic();
  const stream = topics.streamFetch(StreamFetchRequest.create({ topic }), metadata(), patience());
  const responses = stream[Symbol.asyncIterator]();
  assert.equal((await responses.next()).value.nextOffset, 0);
  await publish(topic, 'a');
  const bodies: string[] = [];
  while (bodies.length < 2) {
    for (const record of (await responses.next()).value.records) bodies.push(`${record.body}`);
    if (bodies.length === 1) await publish(topic, 'b');
  }
  assert.deepEqual(bodies, ['a', 'b']);
  stream.cancel();
  await refused(responses.next(), status.CANCELLED);
  // The connection goes on.
  assert.deepEqual(await publish(topic, 'c'), [2]);
});

test('records are published on a stream', async () => {
  const topic = await createTopic();
  const stream = topics.streamPublish(metadata(), patience());
  for (let number = 0; number < 1000; number++) stream.write(StreamPublishRequest.create({ topic, records: [{ body: text(number) }] }));
  stream.end();
  const offsets: number[] = [];
  for await (const { results } of stream) offsets.push(results[0].offset);
  assert.deepEqual(offsets, Array.from({ length: 1000 }, (_, offset) => offset));
});

test('a group fetches by lease, and commits by the token', async () => {
  const [topic, group] = [await createTopic(), unique('g')];
  await publish(topic, 'a', 'b');
  const { records, commitToken } = await call(groups, groups.fetchForGroup, FetchForGroupRequest.create({ group, topics: [topic], waitSeconds: 5 }));
  assert.deepEqual(records.map(({ topic, record }) => [topic, record!.offset, `${record!.body}`]), [[topic, 0, 'a'], [topic, 1, 'b']]);
  await call(groups, groups.commitOffsets, CommitOffsetsRequest.create({ group, token: commitToken }));
  const { offsets } = await call(groups, groups.getGroupOffsets, GetGroupOffsetsRequest.create({ group }));
  assert.deepEqual(offsets.map(({ topic, partition, offset, lag }) => [topic, partition, offset, lag]), [[topic, 0, 2, 0]]);
});

test('a subscription of a queue gets what its filter lets through', async () => {
  const [topic, queue] = [await createTopic(), await create()];
  const definition = { target: { kind: { $case: 'queue' as const, queue: { name: queue } } }, filter: { policy: '{"kind":["order"]}' }, raw: true };
  await call(subscriptions, subscriptions.putSubscription, PutSubscriptionRequest.create({ topic, subscription: 'orders', definition }));
  const records = ['invoice', 'order'].map((kind) => ({ body: text(`an ${kind}`), attributes: { kind: { value: { $case: 'text' as const, text: kind } } } }));
  await call(topics, topics.publishRecords, PublishRecordsRequest.create({ topic, records }));
  const messages = await receive(queue, { max: 10, waitSeconds: 20 });
  assert.deepEqual(messages.map((message) => `${message.body}`), ['an order']);
});

test('an offset that is not there is out of range', async () => {
  const request = FetchRecordsRequest.create({ topic: await createTopic(), start: { $case: 'offset', offset: 7 } });
  await refused(call(topics, topics.fetchRecords, request), status.OUT_OF_RANGE, 'offsetOutOfRange', 'offset');
});

test('a message is sent, received, kept longer and acknowledged', async () => {
  const queue = await create({ leaseSeconds: 60 });
  const [id] = await send(queue, text('hi'));
  const [message] = await receive(queue, { max: 10, waitSeconds: 5 });
  assert.deepEqual([message.id, `${message.body}`, message.receiveCount], [id, 'hi', 1]);
  const { receipt } = message;
  const extended = await call(queues, queues.extendLeases, ExtendLeasesRequest.create({ queue, entries: [{ receipt, leaseSeconds: 600 }] }));
  assert.deepEqual([extended.results, await counts(queue)], [[{ error: undefined }], [0, 1, 0]]);
  const done = await call(queues, queues.acknowledgeMessages, AcknowledgeMessagesRequest.create({ queue, receipts: [receipt] }));
  assert.deepEqual([done.results, await counts(queue)], [[{ error: undefined }], [0, 0, 0]]);
});

test('the same send under the same key is stored once', async () => {
  const queue = await create();
  const request = SendMessagesRequest.create({ queue, messages: [{ body: text('one') }] });
  const once = () => call(queues, queues.sendMessages, request, { headers: metadata({ 'idempotency-key': queue }) });
  assert.deepEqual(await once(), await once());
  assert.deepEqual(await counts(queue), [1, 0, 0]);
});

test('what the contract does not have does not compile', () => {
  // @ts-expect-error A misspelt field.
  SendMessagesRequest.create({ queue: 'q', message: [] });
  // @ts-expect-error A text where a number is asked for.
  ExtendLeasesRequest.create({ queue: 'q', entries: [{ receipt: 'r', leaseSeconds: 'ten' }] });
});

// Topics by the generated client: publish, fetch, both ways to follow a partition, groups, and subscriptions of queues.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import './calls.js';
import { client } from './generated/client.gen.js';
import {
  acknowledgeMessages, commitOffsets, fetchForGroup, fetchRecords, getGroupOffsets, publishRecords, putQueue, putSubscription, putTopic, receiveMessages, type FetchedRecord,
} from './generated/index.js';

async function create() {
  const path = { topic: `t-${randomUUID()}` };
  const { data } = await putTopic({ path, body: { partitions: 1, retentionSeconds: null } });
  assert.equal(data?.partitions, 1);
  return path;
}

async function publish(path: { topic: string }, ...bodies: string[]) {
  const { data } = await publishRecords({ path, body: { records: bodies.map((body) => ({ key: 'k', body, headers: [{ name: 'h', value: 'x' }] })) } });
  assert.deepEqual(data?.results.map(({ partition, error }) => [partition, error]), bodies.map(() => [0, undefined]), JSON.stringify(data));
}

test('what is published is fetched', async () => {
  const path = await create();
  await publish(path, 'a', 'b');
  const { data } = await fetchRecords({ path: { ...path, partition: 0 }, query: { offset: 'earliest', waitSeconds: 5 } });
  assert.deepEqual(data?.records.map(({ offset, key, body }) => [offset, key, body]), [[0, 'k', 'a'], [1, 'k', 'b']]);
  assert.equal(data?.nextOffset, 2);
});

test('a partition is followed as server-sent events, from where the reader was', async () => {
  const path = await create();
  await publish(path, 'a', 'b', 'c');
  const leave = new AbortController();
  const follow = (headers: Record<string, string>) => client.sse.get<Record<200, FetchedRecord>>({
    url: '/v1/topics/{topic}/partitions/{partition}/records',
    path: { ...path, partition: 0 },
    headers: { Accept: 'text/event-stream', ...headers },
    signal: leave.signal,
  });
  const seen: string[] = [];
  for await (const record of (await follow({ 'Last-Event-ID': '0' })).stream) {
    seen.push(`${record.offset} ${record.body}`);
    // The stream goes on with what comes later.
    if (seen.length === 2) await publish(path, 'd');
    if (seen.length === 3) break;
  }
  leave.abort();
  assert.deepEqual(seen, ['1 b', '2 c', '3 d']);
});

test('a partition is followed line by line', async () => {
  const path = await create();
  await publish(path, 'a');
  const leave = new AbortController();
  const { data } = await fetchRecords({
    path: { ...path, partition: 0 }, headers: { Accept: 'application/x-ndjson' }, parseAs: 'stream', signal: leave.signal,
  });
  const seen: string[] = [];
  for await (const record of lines(data as unknown as ReadableStream<Uint8Array>)) {
    seen.push(`${record.offset} ${record.body}`);
    if (seen.length === 1) await publish(path, 'b');
    if (seen.length === 2) break;
  }
  leave.abort();
  assert.deepEqual(seen, ['0 a', '1 b']);
});

test('a group fetches by lease, and commits by the token', async () => {
  const path = await create();
  await publish(path, 'a', 'b');
  const group = { group: `g-${randomUUID()}` };
  const fetched = await fetchForGroup({ path: group, body: { topics: [path.topic], waitSeconds: 5 } });
  assert.deepEqual(fetched.data?.records.map(({ topic, offset, body }) => [topic, offset, body]), [[path.topic, 0, 'a'], [path.topic, 1, 'b']]);
  const committed = await commitOffsets({ path: group, body: { token: fetched.data!.commitToken } });
  assert.equal(committed.error, undefined);
  const { data } = await getGroupOffsets({ path: group });
  assert.deepEqual(data?.offsets.map(({ topic, partition, offset, lag }) => [topic, partition, offset, lag]), [[path.topic, 0, 2, 0]]);
});

test('a subscription of a queue gets what its filter lets through', async () => {
  const path = await create();
  const queue = { queue: `q-${randomUUID()}` };
  await putQueue({ path: queue });
  const body = { target: queue, filter: { policy: { kind: ['order'] } }, raw: true };
  const { data } = await putSubscription({ path: { ...path, subscription: 'orders' }, body });
  assert.deepEqual(data?.filter?.policy, body.filter.policy);

  const records = ['invoice', 'order'].map((kind) => ({ body: `an ${kind}`, attributes: { kind: { type: 'string', value: kind } } }));
  await publishRecords({ path, body: { records } });
  const { messages } = (await receiveMessages({ path: queue, body: { max: 10, waitSeconds: 20 } })).data!;
  assert.deepEqual(messages.map((message) => message.body), ['an order']);
  await acknowledgeMessages({ path: queue, body: { receipts: [messages[0].receipt] } });
});

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<FetchedRecord> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    const whole = (text + decoder.decode(part, { stream: true })).split('\n');
    text = whole.pop()!;
    for (const line of whole) yield JSON.parse(line);
  }
}

// Queues by the generated client, as the example's calls.ts has set it up.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import './calls.js';
import { acknowledgeMessages, extendLeases, getQueue, putQueue, receiveMessages, sendMessages, sendRawMessage, type QueueDefinition } from './generated/index.js';

async function create(body: QueueDefinition = {}) {
  const path = { queue: `q-${randomUUID()}` };
  const { response } = await putQueue({ path, body });
  assert.equal(response.status, 201);
  return path;
}

test('a message is sent, received, kept longer and acknowledged', async () => {
  const path = await create({ leaseSeconds: 60 });
  const sent = await sendMessages({ path, body: { messages: [{ body: 'hi', attributes: { n: { type: 'number', value: '7' } } }] } });
  const id = sent.data?.results[0].id;
  assert.ok(id, JSON.stringify(sent.error));

  const { data } = await receiveMessages({ path, body: { max: 10, waitSeconds: 5 } });
  const [message] = data!.messages;
  assert.deepEqual([message.id, message.body, message.receiveCount, message.attributes.n], [id, 'hi', 1, { type: 'number', value: '7' }]);

  const { receipt } = message;
  const extended = await extendLeases({ path, body: { entries: [{ receipt, leaseSeconds: 600 }] } });
  assert.deepEqual(extended.data?.results, [{}]);
  assert.deepEqual((await getQueue({ path })).data?.counts, { ready: 0, leased: 1, delayed: 0 });

  const done = await acknowledgeMessages({ path, body: { receipts: [receipt] } });
  assert.deepEqual(done.data?.results, [{}]);
  assert.deepEqual((await getQueue({ path })).data?.counts, { ready: 0, leased: 0, delayed: 0 });
});

test('of many messages, one that fails says why', async () => {
  const path = await create({ maxMessageBytes: 1024 });
  const { data, response } = await sendMessages({ path, body: { messages: [{ json: { total: 7 } }, { body: 'x'.repeat(2000) }] } });
  assert.equal(response.status, 207);
  assert.deepEqual(data!.results.map(({ id, error }) => [typeof id, error?.code]), [['string', undefined], ['undefined', 'messageTooLarge']]);
});

test('bytes are sent as they are', async () => {
  const path = await create();
  const bytes = Uint8Array.of(0, 255, 1, 254);
  const sent = await sendRawMessage({ path, body: new Blob([bytes]), headers: { 'Message-Group': 'g', 'Content-Type': 'application/x-bytes' } });
  assert.ok(sent.data, JSON.stringify(sent.error));
  const { data } = await receiveMessages({ path, body: {} });
  const [message] = data!.messages;
  assert.deepEqual([message.bodyBase64, message.contentType, message.group], [Buffer.from(bytes).toString('base64'), 'application/x-bytes', 'g']);
});

test('the same send under the same key is stored once', async () => {
  const path = await create();
  const send = () => sendMessages({ path, headers: { 'Idempotency-Key': 'once' }, body: { messages: [{ body: 'one' }] } });
  const [first, second] = [await send(), await send()];
  assert.deepEqual(first.data, second.data);
  assert.equal((await getQueue({ path })).data?.counts.ready, 1);
});

test('what the contract does not have does not compile', async () => {
  const path = await create();
  // @ts-expect-error A misspelt field.
  const unknown = await sendMessages({ path, body: { messages: [{ body: 'hi', delaySecond: 5 }] } });
  assert.equal(unknown.error?.code, 'unknownField');
  // @ts-expect-error A message is an object of this type and no other.
  const text = () => sendMessages({ path, body: { messages: ['hi'] } });
  assert.equal(typeof text, 'function');
  // @ts-expect-error A text where a number is asked for.
  const wrong = await receiveMessages({ path, body: { max: 'ten' } });
  assert.equal(wrong.response.status, 400);
  // @ts-expect-error The queue is missing.
  const pathless = () => getQueue({});
  assert.equal(typeof pathless, 'function');
});

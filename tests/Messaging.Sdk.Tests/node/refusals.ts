// What the server refuses, and what it puts off: problems with a code, and the example's way to wait.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { call, Refusal } from './calls.js';
import { getQueue, purgeQueue, putQueue, sendMessages, type KnownProblemCode, type Problem } from './generated/index.js';

const patience = () => AbortSignal.timeout(20_000);
const unique = () => ({ queue: `q-${randomUUID()}` });

test('a refusal is a typed problem with its code', async () => {
  const { data, error, response } = await getQueue({ path: unique() });
  const problem: Problem | undefined = error;
  assert.deepEqual([data, response.status, problem?.status, problem?.code], [undefined, 404, 404, 'queueNotFound']);
});

test('the codes of this version are known by name, and a later one is still a code', () => {
  const known: KnownProblemCode = 'queueNotFound';
  // @ts-expect-error A code that this version does not have.
  const unknown: KnownProblemCode = 'queueMislaid';
  const codes: Problem['code'][] = [known, unknown];
  assert.equal(codes.length, 2);
});

test('a wrong value names its field', async () => {
  const { error } = await putQueue({ path: unique(), body: { leaseSeconds: -1 } });
  assert.deepEqual([error?.code, error?.field], ['invalidValue', 'leaseSeconds']);
});

test('a call that is refused is not repeated', async () => {
  let attempts = 0;
  const refused = call((signal) => (attempts++, getQueue({ path: unique(), signal })), patience());
  await assert.rejects(refused, (error: unknown) => error instanceof Refusal && error.problem.code === 'queueNotFound');
  assert.equal(attempts, 1);
});

test('a queue that is full is waited for', async () => {
  const path = unique();
  await putQueue({ path, body: { maxMessages: 1 } });
  const send = (body: string) => call(async (signal) => {
    const answer = await sendMessages({ path, headers: { 'Idempotency-Key': body }, body: { messages: [{ body }] }, signal });
    if (answer.response.status === 429) {
      assert.ok(answer.response.headers.has('Retry-After'));
      await purgeQueue({ path });
    }
    return answer;
  }, patience());
  await send('first');
  const { results } = await send('second');
  assert.ok(results[0].id);
});

test('a server that is not there is waited for until the caller has enough', async () => {
  let attempts = 0;
  const absent = call((signal) => (attempts++, getQueue({ path: unique(), baseUrl: 'http://127.0.0.1:1', signal })), AbortSignal.timeout(1000));
  await assert.rejects(absent, (error: unknown) => !(error instanceof Refusal));
  assert.ok(attempts > 1);
});

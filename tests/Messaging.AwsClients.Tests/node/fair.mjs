// Fair queues: standard queues whose messages name a tenant.
//
// Rules: Amazon SQS Developer Guide, "Amazon SQS fair queues": messages with a group are neither ordered nor held back; a tenant with much in flight
// comes after the quiet ones. The service tells no threshold; ours is a tenth of what is in flight and at least thirty of its own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;

async function sendMany(url, group, count) {
  for (let start = 0; start < count; start += 10) {
    const Entries = Array.from({ length: Math.min(10, count - start) }, (_, i) => ({ Id: `i${i}`, MessageBody: `${group}-${start + i}`, MessageGroupId: group }));
    await sqs.sendMessageBatch({ QueueUrl: url, Entries });
  }
}

describe('fair queues', t.together, () => {
  test('a group is told, and no sequence number', async () => {
    const url = await t.queue();
    const sent = await t.send(url, 'x', { MessageGroupId: 'tenant' });
    assert.equal(sent.SequenceNumber, undefined);
    assert.equal((await t.one(url, { MessageSystemAttributeNames: ['All'] })).Attributes.MessageGroupId, 'tenant');
  });

  test('a group with a message in flight is not held back', async () => {
    const url = await t.queue();
    await sendMany(url, 'tenant', 3);
    await t.one(url);
    assert.equal((await t.receive(url)).length, 2);
  });

  test('a delay of its own is taken with a group', async () => {
    const url = await t.queue();
    await t.send(url, 'x', { MessageGroupId: 'tenant', DelaySeconds: 900 });
    assert.deepEqual(await t.counts(url), [0, 0, 1]);
  });

  test('quiet tenants come before a noisy one', async () => {
    const url = await t.queue({ VisibilityTimeout: 600 });
    await sendMany(url, 'noisy', 120);
    await t.drain(url, 40, { MaxNumberOfMessages: 10 });
    await sendMany(url, 'quiet', 5);
    const next = await t.receive(url, { MessageSystemAttributeNames: ['MessageGroupId'] });
    const quiet = next.filter((message) => message.Attributes.MessageGroupId === 'quiet');
    assert.equal(quiet.length, 5, next.map((message) => message.Body).join(' '));
    assert.equal(next.length, 10, 'the rest of the call is filled by the noisy one');
  });

  test('messages without a group are quiet among noisy ones', async () => {
    const url = await t.queue({ VisibilityTimeout: 600 });
    await sendMany(url, 'noisy', 80);
    await t.drain(url, 40);
    await t.send(url, 'alone');
    assert.equal((await t.one(url)).Body, 'alone');
  });

  test('a group has its characters on standard queues too', async () => {
    for (const group of ['', 'a'.repeat(129), 'group 123']) {
      await t.refused(t.send(await t.queue(), 'x', { MessageGroupId: group }), {
        ...t.invalid, text: `Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      });
    }
  });
});

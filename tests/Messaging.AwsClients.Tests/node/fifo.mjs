// FIFO queues by AWS JSON: order, groups, deduplication, attempts.
//
// Rules: Amazon SQS Developer Guide, "FIFO queue delivery logic", "Exactly-once processing"; API Reference, "SendMessage", "ReceiveMessage".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const byContent = { ContentBasedDeduplication: 'true' };
const bodies = (messages) => messages.map((message) => message.Body);

describe('fifo queues', t.together, () => {
  test('a group is in order, and waits for its message in flight', async () => {
    const url = await t.fifo(byContent);
    for (const body of 'abc') await t.send(url, body, { MessageGroupId: 'g' });
    const first = await t.one(url);
    assert.equal(first.Body, 'a');
    assert.deepEqual(await t.receive(url), []);
    await t.remove(url, first);
    assert.deepEqual(bodies(await t.receive(url)), ['b', 'c']);
  });

  test('no group waits for another', async () => {
    const url = await t.fifo(byContent);
    for (const [body, group] of [['a1', 'a'], ['a2', 'a'], ['b1', 'b']]) await t.send(url, body, { MessageGroupId: group });
    assert.deepEqual([(await t.one(url)).Body, (await t.one(url)).Body], ['a1', 'b1']);
    assert.deepEqual(await t.receive(url), []);
  });

  test('a message that comes back keeps its place', async () => {
    const url = await t.fifo(byContent);
    for (const body of 'abc') await t.send(url, body, { MessageGroupId: 'g' });
    await t.change(url, await t.one(url), 0);
    assert.deepEqual(bodies(await t.receive(url)), ['a', 'b', 'c']);
  });

  test('a duplicate is answered with the first ones id and its own MD5', async () => {
    const url = await t.fifo();
    const first = await t.send(url, 'first', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    const second = await t.send(url, 'second', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    assert.deepEqual([second.MessageId, second.SequenceNumber, second.MD5OfMessageBody], [first.MessageId, first.SequenceNumber, t.md5('second')]);
    await t.remove(url, await t.one(url));
    await t.send(url, 'third', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    assert.deepEqual(await t.counts(url), [0, 0, 0]);
  });

  test('each group may have its own ids', async () => {
    const url = await t.fifo({ DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
    for (const group of ['a', 'b', 'a']) await t.send(url, 'x', { MessageGroupId: group, MessageDeduplicationId: 'd' });
    assert.deepEqual(await t.counts(url), [2, 0, 0]);
  });

  test('a message tells group, id and sequence number', async () => {
    const url = await t.fifo();
    const sent = await t.send(url, 'x', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    assert.match(sent.SequenceNumber, /^\d{20}$/);
    const { MessageGroupId, MessageDeduplicationId, SequenceNumber } = (await t.one(url, { MessageSystemAttributeNames: ['All'] })).Attributes;
    assert.deepEqual([MessageGroupId, MessageDeduplicationId, SequenceNumber], ['g', 'd', sent.SequenceNumber]);
  });

  test('a repeated attempt gets the same messages', async () => {
    const url = await t.fifo(byContent);
    for (const body of 'abc') await t.send(url, body, { MessageGroupId: body });
    const request = { MaxNumberOfMessages: 2, ReceiveRequestAttemptId: 'attempt' };
    const first = await t.receive(url, request);
    assert.deepEqual(bodies(first), ['a', 'b']);
    assert.deepEqual((await t.receive(url, request)).map((message) => message.MessageId), first.map((message) => message.MessageId));
    assert.deepEqual(bodies(await t.receive(url, { ReceiveRequestAttemptId: 'other' })), ['c']);
  });

  test('groups, ids and delays are checked', async () => {
    const url = await t.fifo();
    await t.refused(t.send(url, 'x', { MessageDeduplicationId: 'd' }), { ...t.missing, text: 'The request must contain the parameter MessageGroupId.' });
    await t.refused(t.send(url, 'x', { MessageGroupId: 'g' }), { ...t.invalid, text: 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly' });
    await t.refused(t.send(url, 'x', { MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 }), {
      ...t.invalid, text: 'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    });
    await t.refused(t.send(url, 'x', { MessageGroupId: '', MessageDeduplicationId: 'd' }), { code: ['InvalidParameterValue', 'MissingParameter'] });
    for (const value of ['a'.repeat(129), 'group 123']) {
      for (const parameter of ['MessageGroupId', 'MessageDeduplicationId']) {
        await t.refused(t.send(url, 'x', { MessageGroupId: 'g', MessageDeduplicationId: 'd', [parameter]: value }), {
          ...t.invalid, text: `Value ${value} for parameter ${parameter} is invalid. Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
        });
      }
    }
    await t.refused(t.send(await t.queue(), 'x', { MessageDeduplicationId: 'd' }), t.invalid);
    await t.refused(t.receive(await t.queue(), { ReceiveRequestAttemptId: 'a' }), t.invalid);
  });

  test('a batch keeps its order', async () => {
    const url = await t.fifo(byContent);
    const entries = [...'abcdefghij'].map((each) => ({ Id: each, MessageBody: each, MessageGroupId: 'g' }));
    const { Successful } = await sqs.sendMessageBatch({ QueueUrl: url, Entries: entries });
    const numbers = Successful.map((each) => each.SequenceNumber);
    assert.deepEqual(numbers, [...numbers].sort());
    assert.deepEqual(bodies(await t.receive(url)), [...'abcdefghij']);
  });
});

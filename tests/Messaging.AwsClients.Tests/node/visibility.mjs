// Long polls and visibility timeouts by AWS JSON.
//
// Rules: Amazon SQS Developer Guide, "Amazon SQS short and long polling", "Amazon SQS visibility timeout"; API Reference, "ChangeMessageVisibility".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const later = async (count, call) => {
  await t.seconds(count);
  return call();
};

async function received(request = {}, attributes = {}) {
  const url = await t.queue(attributes);
  await t.send(url);
  const since = t.now();
  return [url, await t.one(url, request), since];
}

describe('long polls', t.together, () => {
  test('a wait without messages takes its time', async () => {
    const url = await t.queue();
    assert.deepEqual(await t.takes(0.9, 10, () => t.receive(url, { WaitTimeSeconds: 1 })), []);
  });

  test('the queue says how long where the call does not', async () => {
    const url = await t.queue({ ReceiveMessageWaitTimeSeconds: 1 });
    await t.takes(0.9, 10, () => sqs.receiveMessage({ QueueUrl: url }));
    await t.takes(0, 10, () => sqs.receiveMessage({ QueueUrl: url, WaitTimeSeconds: 0 }));
  });

  test('a send wakes it', async () => {
    const url = await t.queue();
    const [message] = await Promise.all([t.takes(0.4, 10, () => t.one(url, { WaitTimeSeconds: 20 })), later(0.7, () => t.send(url, 'woken'))]);
    assert.equal(message.Body, 'woken');
  });

  test('the end of a delay wakes it', async () => {
    const url = await t.queue();
    const since = t.now();
    await t.send(url, 'x', { DelaySeconds: 2 });
    await t.takes(1.95, 10, () => t.one(url, { WaitTimeSeconds: 20 }), since);
  });

  test('the end of a visibility timeout wakes it', async () => {
    const [url, , since] = await received({ VisibilityTimeout: 2 });
    await t.takes(1.95, 10, () => t.one(url, { WaitTimeSeconds: 20 }), since);
  });

  test('a message that is given back wakes it', async () => {
    const [url, message] = await received();
    await Promise.all([t.takes(0.4, 10, () => t.one(url, { WaitTimeSeconds: 20 })), later(0.7, () => t.change(url, message, 0))]);
  });

  test('a caller that leaves takes no message with it', async () => {
    const url = await t.queue();
    const leaving = new AbortController();
    const left = sqs.receiveMessage({ QueueUrl: url, WaitTimeSeconds: 20 }, { abortSignal: leaving.signal }).catch((fault) => fault.name);
    await t.seconds(0.5);
    leaving.abort();
    assert.equal(await left, 'AbortError');
    // Nobody tells when the server has heard of it.
    await t.seconds(2);
    await t.send(url, 'stays');
    const message = await t.one(url, { MessageSystemAttributeNames: ['All'] });
    assert.deepEqual([message.Body, message.Attributes.ApproximateReceiveCount], ['stays', '1']);
  });
});

describe('visibility', t.together, () => {
  test('a message in flight is nobody elses, and comes back', async () => {
    const [url, , since] = await received({ VisibilityTimeout: 3 });
    assert.deepEqual(await t.receive(url), []);
    assert.deepEqual(await t.counts(url), [0, 1, 0]);
    const message = await t.takes(2.95, 10, () => t.one(url, { MessageSystemAttributeNames: ['All'] }), since);
    assert.equal(message.Attributes.ApproximateReceiveCount, '2');
  });

  test('a change counts from now', async () => {
    const [url, message] = await received({ VisibilityTimeout: 3 });
    await t.seconds(1);
    const since = t.now();
    await t.change(url, message, 3);
    await t.takes(2.95, 10, () => t.one(url, { WaitTimeSeconds: 20 }), since);
  });

  test('a change to none brings it back now', async () => {
    const [url, message] = await received();
    await t.change(url, message, 0);
    await t.takes(0, 10, () => t.one(url));
  });

  test('a change after a delete is refused', async () => {
    const [url, message] = await received();
    await t.remove(url, message);
    await t.refused(t.change(url, message, 42), {
      ...t.invalid, text: `Value ${message.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    });
  });

  test('a total of twelve hours is the most', async () => {
    const [url, message] = await received();
    await t.seconds(1.1);
    await t.refused(t.change(url, message, 43200), {
      ...t.invalid, text: 'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    });
  });

  test('ranges, garbage and what is required', async () => {
    const [url, message] = await received();
    for (const timeout of [-1, 43201]) {
      await t.refused(t.change(url, message, timeout), { ...t.invalid, text: new RegExp(`^Value ${timeout} for parameter VisibilityTimeout is invalid. Reason: .*0.*43200`) });
      await t.refused(t.receive(url, { VisibilityTimeout: timeout }), { ...t.invalid, text: new RegExp(`^Value ${timeout} for parameter VisibilityTimeout is invalid. Reason: .*0.*43200`) });
    }
    await t.refused(t.change(url, { ReceiptHandle: 'INVALID' }, 60), { ...t.badReceipt, text: 'The input receipt handle "INVALID" is not a valid receipt handle.' });
    await t.refused(t.change(url, message, undefined), t.missing);
  });

  test('a fifo queue refuses an expired receipt', async () => {
    const url = await t.fifo({ ContentBasedDeduplication: 'true' });
    await t.send(url, 'x', { MessageGroupId: 'g' });
    const message = await t.one(url, { VisibilityTimeout: 1 });
    await t.seconds(1.5);
    await t.refused(t.remove(url, message), { ...t.invalid, text: `Value ${message.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.` });
  });
});

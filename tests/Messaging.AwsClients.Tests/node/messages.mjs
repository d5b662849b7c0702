// Messages by AWS JSON. The SDK itself checks the MD5 of bodies, both ways.
//
// Rules: Amazon SQS API Reference, "SendMessage", "ReceiveMessage" (MessageSystemAttributeNames), "DeleteMessage"; Developer Guide, "Amazon SQS
// message metadata" and "Amazon SQS message quotas".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const text = (StringValue, DataType = 'String') => ({ DataType, StringValue });
const binary = (bytes, DataType = 'Binary') => ({ DataType, BinaryValue: Uint8Array.from(bytes) });
const trace = { AWSTraceHeader: text('Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1') };

async function roundTrip(body, url) {
  const queue = url ?? (await t.queue());
  const sent = await t.send(queue, body);
  const message = await t.one(queue);
  assert.ok(message.Body === body, 'another body came back');
  assert.deepEqual([sent.MD5OfMessageBody, message.MD5OfBody, message.MessageId], [t.md5(body), t.md5(body), sent.MessageId]);
}

async function attributesRoundTrip(attributes) {
  const url = await t.queue();
  const sent = await t.send(url, 'x', { MessageAttributes: attributes });
  const message = await t.one(url, { MessageAttributeNames: ['All'] });
  const got = Object.fromEntries(Object.entries(message.MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) =>
    [name, BinaryValue === undefined ? { DataType, StringValue } : { DataType, BinaryValue: Uint8Array.from(BinaryValue) }]));
  assert.deepEqual(got, attributes);
  assert.deepEqual([sent.MD5OfMessageAttributes, message.MD5OfMessageAttributes], [t.attributesMd5(attributes), t.attributesMd5(attributes)]);
}

describe('messages', t.together, () => {
  test('letters of all planes, and what JSON escapes', async () => {
    await roundTrip('Grüße, 你好, 🚀 \u{10ffff} "\\/ \t\n\r \u2028 \u0085 <&>');
    await roundTrip('x');
  });

  test('letters that JSON has no word for are refused', async () => {
    const url = await t.queue();
    for (const letter of ['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff']) {
      await t.refused(t.send(url, `a${letter}b`), { name: 'InvalidMessageContents', code: 'InvalidMessageContents', text: /#x9 \| #xA \| #xD \| / });
    }
    assert.deepEqual(await t.counts(url), [0, 0, 0]);
  });

  test('a mebibyte is the most', async () => {
    const url = await t.queue();
    await roundTrip('x'.repeat(t.mebibyte), url);
    await t.refused(t.send(url, 'x'.repeat(t.mebibyte + 1)), { ...t.invalid, text: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.' });
  });

  test('a mebibyte of what JSON escapes', () => roundTrip('"'.repeat(t.mebibyte)));

  test('size is of bytes, names and types too', async () => {
    const url = await t.queue({ MaximumMessageSize: 1024 });
    const attributes = { name: text('v'.repeat(100)) };
    const rest = 1024 - 'name'.length - 'String'.length - 100;
    await t.send(url, 'é'.repeat(rest / 2), { MessageAttributes: attributes, MessageSystemAttributes: trace });
    await t.refused(t.send(url, `${'é'.repeat(rest / 2)}x`, { MessageAttributes: attributes }), t.invalid);
  });

  test('a body is required, and is not empty', async () => {
    const url = await t.queue();
    const refusal = { ...t.missing, text: 'The request must contain the parameter MessageBody.' };
    await t.refused(sqs.sendMessage({ QueueUrl: url }), refusal);
    await t.refused(t.send(url, ''), refusal);
  });

  test('attributes of each type', () => attributesRoundTrip({
    a: text('Grüße 🚀\n<&>"'), b: text('-12.5', 'Number'), c: binary([0, 1, 254, 255]), d: text('x', 'String.uuid'), e: text('1e10', 'Number.float'), f: binary([7], 'Binary.png'),
  }));

  test('ten attributes, sorted for their MD5', () => attributesRoundTrip(Object.fromEntries([...'jibcBdaAhg'].map((name) => [name, text(name)]))));

  test('attributes that are wrong', async () => {
    const url = await t.queue();
    const wrong = [
      { a: text('') }, { a: text('x', 'Text') }, { a: text('x', '') }, { a: text('no', 'Number') }, { a: text('1'.repeat(39), 'Number') }, { a: binary([]) },
      { a: { DataType: 'String' } }, { a: { DataType: 'Binary', StringValue: 'x' } }, { 'a b': text('x') }, { 'AWS.a': text('x') }, { 'amazon.a': text('x') },
      { '.a': text('x') }, { 'a.': text('x') }, { ['n'.repeat(257)]: text('x') }, { a: text('x\u0008') }, { a: text('x', `String.${'t'.repeat(250)}`) },
      Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, text('x')])),
    ];
    for (const attributes of wrong) {
      await t.refused(t.send(url, 'x', { MessageAttributes: attributes }), { code: ['InvalidParameterValue', 'InvalidMessageContents'] });
    }
    assert.deepEqual(await t.counts(url), [0, 0, 0]);
  });

  test('lists as values are not there yet, as in the service', async () => {
    // API Reference, "MessageAttributeValue": StringListValues and BinaryListValues are not implemented.
    await t.refused(t.send(await t.queue(), 'x', { MessageAttributes: { a: { DataType: 'String', StringListValues: ['x'] } } }), { code: ['InvalidParameterValue', 'AWS.SimpleQueueService.UnsupportedOperation'] });
  });

  test('system attributes by their newer name, and by the older one', async () => {
    const url = await t.queue({ VisibilityTimeout: 0 });
    await t.send(url, 'x', { MessageSystemAttributes: trace });
    const all = ['AWSTraceHeader', 'ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp'];
    assert.deepEqual(Object.keys((await t.one(url, { MessageSystemAttributeNames: ['All'] })).Attributes).sort(), all);
    assert.deepEqual(Object.keys((await t.one(url, { AttributeNames: ['All'] })).Attributes).sort(), all);
    assert.deepEqual(Object.keys((await t.one(url, { MessageSystemAttributeNames: ['SentTimestamp'] })).Attributes), ['SentTimestamp']);
    // LocalStack's test_message_system_attribute_names_with_attribute_names: both together are one list.
    assert.deepEqual(Object.keys((await t.one(url, { MessageSystemAttributeNames: ['All'], AttributeNames: ['SenderId'] })).Attributes).sort(), all);
    assert.equal((await t.one(url)).Attributes, undefined);
  });

  test('a trace header has its MD5', async () => {
    const sent = await t.send(await t.queue(), 'x', { MessageSystemAttributes: trace });
    assert.equal(sent.MD5OfMessageSystemAttributes, t.attributesMd5(trace));
  });

  test('attributes by name, by beginning and all', async () => {
    const url = await t.queue({ VisibilityTimeout: 0 });
    await t.send(url, 'x', { MessageAttributes: { Hello: text('1'), General: text('2'), 'Help.Me': text('3') } });
    const asked = async (...names) => {
      const { MessageAttributes = {}, MD5OfMessageAttributes } = await t.one(url, { MessageAttributeNames: names });
      assert.equal(MD5OfMessageAttributes, Object.keys(MessageAttributes).length ? t.attributesMd5(MessageAttributes) : undefined);
      return Object.keys(MessageAttributes).sort();
    };
    const all = ['General', 'Hello', 'Help.Me'];
    assert.deepEqual(await asked('All'), all);
    assert.deepEqual(await asked('.*'), all);
    assert.deepEqual(await asked('Hel.*'), ['Hello', 'Help.Me']);
    assert.deepEqual(await asked('Help.*', 'General'), ['General', 'Help.Me']);
    assert.deepEqual(await asked('Foo', 'AWS.'), []);
    assert.deepEqual(await asked(), []);
  });

  test('delays, numbers of messages and waits have their ranges', async () => {
    const url = await t.queue();
    for (const delay of [-1, 901]) {
      await t.refused(t.send(url, 'x', { DelaySeconds: delay }), { ...t.invalid, text: `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.` });
    }
    for (const most of [0, -1, 11]) {
      await t.refused(t.receive(url, { MaxNumberOfMessages: most }), { ...t.invalid, text: `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.` });
    }
    for (const wait of [-1, 21]) {
      await t.refused(t.receive(url, { WaitTimeSeconds: wait }), { ...t.invalid, text: `Value ${wait} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.` });
    }
  });

  test('an empty receive has no member for messages', async () => {
    assert.equal((await sqs.receiveMessage({ QueueUrl: await t.queue() })).Messages, undefined);
  });

  test('a delay of its own', async () => {
    const url = await t.queue();
    const since = t.now();
    await t.send(url, 'later', { DelaySeconds: 3 });
    assert.deepEqual(await t.receive(url), []);
    assert.equal((await t.takes(2.95, 10, () => t.one(url), since)).Body, 'later');
  });

  test('deleting it again is no error, and garbage is one', async () => {
    const url = await t.queue();
    await t.send(url);
    const message = await t.one(url);
    for (let i = 0; i < 3; i++) await t.remove(url, message);
    assert.deepEqual(await t.counts(url), [0, 0, 0]);
    await t.refused(t.remove(url, { ReceiptHandle: 'garbage' }), { ...t.badReceipt, text: 'The input receipt handle "garbage" is not a valid receipt handle.' });
    await t.refused(t.remove(url, {}), t.missing);
  });

  test('a receipt of another queue is refused', async () => {
    const url = await t.queue();
    await t.send(url);
    await t.refused(t.remove(await t.queue(), await t.one(url)), t.badReceipt);
  });

  test('each message once under many callers', async () => {
    const url = await t.queue();
    const sent = await Promise.all(Array.from({ length: 60 }, (_, i) => t.send(url, String(i))));
    const taken = (await Promise.all(Array.from({ length: 20 }, () => t.receive(url)))).flat();
    if (taken.length < 60) taken.push(...(await t.drain(url, 60 - taken.length)));
    await Promise.all(taken.map((message) => t.remove(url, message)));
    assert.deepEqual(taken.map((message) => message.MessageId).sort(), sent.map((answer) => answer.MessageId).sort());
    assert.deepEqual(await t.counts(url), [0, 0, 0]);
  });
});

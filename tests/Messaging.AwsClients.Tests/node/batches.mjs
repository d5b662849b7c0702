// Batches by AWS JSON.
//
// Rules: Amazon SQS API Reference, "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch". Texts: LocalStack's recorded answers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const kinds = {
  sendMessageBatch: ['SendMessageBatchRequestEntry', (Id) => ({ Id, MessageBody: 'x' })],
  deleteMessageBatch: ['DeleteMessageBatchRequestEntry', (Id) => ({ Id, ReceiptHandle: 'x' })],
  changeMessageVisibilityBatch: ['ChangeMessageVisibilityBatchRequestEntry', (Id) => ({ Id, ReceiptHandle: 'x', VisibilityTimeout: 1 })],
};
const batchError = (name, text) => ({ name, code: `AWS.SimpleQueueService.${name}`, text });

describe('batches', t.together, () => {
  for (const [operation, [entry, make]] of Object.entries(kinds)) {
    test(`${operation}: none, too many, the same id, a wrong id`, async () => {
      const QueueUrl = await t.queue();
      const call = (ids) => sqs[operation]({ QueueUrl, Entries: ids.map(make) });
      await t.refused(call([]), batchError('EmptyBatchRequest', `There should be at least one ${entry} in the request.`));
      await t.refused(call(Array.from({ length: 11 }, (_, i) => `i${i}`)), batchError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10. You have sent 11.'));
      await t.refused(call(['same', 'same']), batchError('BatchEntryIdsNotDistinct', 'Id same repeated.'));
      for (const id of ['', 'i'.repeat(81), 'a b', 'a.b', 'é']) {
        await t.refused(call([id]), batchError('InvalidBatchEntryId', 'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.'));
      }
      await t.refused(sqs[operation]({ QueueUrl }), { code: ['MissingParameter', 'AWS.SimpleQueueService.EmptyBatchRequest'] });
    });
  }

  test('ten messages, received, changed and deleted', async () => {
    const QueueUrl = await t.queue();
    const sent = await sqs.sendMessageBatch({ QueueUrl, Entries: Array.from({ length: 10 }, (_, i) => ({ Id: `i${i}`, MessageBody: `body ${i}` })) });
    assert.deepEqual([sent.Successful.length, sent.Failed ?? []], [10, []]);
    assert.deepEqual(sent.Successful.map((each) => each.MD5OfMessageBody), Array.from({ length: 10 }, (_, i) => t.md5(`body ${i}`)));
    const entries = (await t.drain(QueueUrl, 10)).map(({ ReceiptHandle }, i) => ({ Id: `i${i}`, ReceiptHandle }));
    const changed = await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries: entries.map((each) => ({ ...each, VisibilityTimeout: 600 })) });
    assert.deepEqual(changed.Successful.map((each) => each.Id), entries.map((each) => each.Id));
    const deleted = await sqs.deleteMessageBatch({ QueueUrl, Entries: entries });
    assert.deepEqual([deleted.Successful.length, deleted.Failed ?? []], [10, []]);
    assert.deepEqual(await t.counts(QueueUrl), [0, 0, 0]);
  });

  test('what is wrong with one leaves the others', async () => {
    const QueueUrl = await t.queue({ MaximumMessageSize: 1024 });
    const { Successful, Failed } = await sqs.sendMessageBatch({
      QueueUrl,
      Entries: [
        { Id: 'good', MessageBody: 'x' }, { Id: 'delay', MessageBody: 'x', DelaySeconds: 901 }, { Id: 'letters', MessageBody: '\u0008' }, { Id: 'long', MessageBody: 'x'.repeat(1025) },
      ],
    });
    assert.deepEqual(Successful.map((each) => each.Id), ['good']);
    assert.deepEqual(Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]), [
      ['delay', 'InvalidParameterValue', true], ['letters', 'InvalidMessageContents', true], ['long', 'InvalidParameterValue', true]]);
    assert.equal(Failed[2].Message, 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.');
  });

  test('receipts that are wrong fail by themselves', async () => {
    const QueueUrl = await t.queue();
    await t.send(QueueUrl);
    const { ReceiptHandle } = await t.one(QueueUrl);
    const bad = { Id: 'bad', ReceiptHandle: 'garbage' };
    const changed = await sqs.changeMessageVisibilityBatch({
      QueueUrl, Entries: [{ ...bad, VisibilityTimeout: 1 }, { Id: 'range', ReceiptHandle, VisibilityTimeout: 43201 }, { Id: 'good', ReceiptHandle, VisibilityTimeout: 60 }],
    });
    assert.deepEqual([changed.Successful.map((each) => each.Id), changed.Failed.map(({ Id, Code }) => [Id, Code])], [
      ['good'], [['bad', 'ReceiptHandleIsInvalid'], ['range', 'InvalidParameterValue']]]);
    const deleted = await sqs.deleteMessageBatch({ QueueUrl, Entries: [bad, { Id: 'good', ReceiptHandle }] });
    assert.deepEqual([deleted.Successful.map((each) => each.Id), deleted.Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])], [
      ['good'], [['bad', 'ReceiptHandleIsInvalid', true]]]);
  });

  test('a mebibyte is the most together', async () => {
    const QueueUrl = await t.queue();
    const half = 'x'.repeat(t.mebibyte / 2);
    await sqs.sendMessageBatch({ QueueUrl, Entries: [{ Id: 'a', MessageBody: half }, { Id: 'b', MessageBody: half }] });
    await t.refused(sqs.sendMessageBatch({ QueueUrl, Entries: [{ Id: 'a', MessageBody: half }, { Id: 'b', MessageBody: `${half}x` }] }),
      batchError('BatchRequestTooLong', 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.'));
    assert.deepEqual(await t.counts(QueueUrl), [2, 0, 0]);
  });
});

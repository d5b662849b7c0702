// What is wrong with a call as a whole, by AWS JSON: names of errors, their codes of the Query protocol, statuses.
//
// Rules: Amazon SQS API Reference, "Common Errors"; Developer Guide, "Amazon SQS AWS JSON protocol".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const onQueue = {
  sendMessage: { MessageBody: 'x' },
  sendMessageBatch: { Entries: [{ Id: 'a', MessageBody: 'x' }] },
  receiveMessage: {},
  deleteMessage: { ReceiptHandle: 'x' },
  deleteMessageBatch: { Entries: [{ Id: 'a', ReceiptHandle: 'x' }] },
  changeMessageVisibility: { ReceiptHandle: 'x', VisibilityTimeout: 1 },
  changeMessageVisibilityBatch: { Entries: [{ Id: 'a', ReceiptHandle: 'x', VisibilityTimeout: 1 }] },
  getQueueAttributes: { AttributeNames: ['All'] },
  setQueueAttributes: { Attributes: { DelaySeconds: '1' } },
  listQueueTags: {},
  tagQueue: { Tags: { a: 'b' } },
  untagQueue: { TagKeys: ['a'] },
  addPermission: { Label: 'l', AWSAccountIds: ['123456789012'], Actions: ['SendMessage'] },
  removePermission: { Label: 'l' },
  purgeQueue: {},
  deleteQueue: {},
  listDeadLetterSourceQueues: {},
};

describe('errors', t.together, () => {
  for (const [operation, request] of Object.entries(onQueue)) {
    test(`${operation} on a queue that nobody made`, async () => {
      const url = await t.queue();
      await t.refused(sqs[operation]({ ...request, QueueUrl: `${url.slice(0, url.lastIndexOf('/'))}/${t.unique()}` }), t.missingQueue);
    });

    test(`${operation} without a queue`, () => t.refused(sqs[operation](request), { code: ['MissingParameter', 'AWS.SimpleQueueService.NonExistentQueue'], status: [400, 404] }));
  }

  test('the classes of the SDK catch our errors', async () => {
    const url = await t.queue();
    for (const [call, name] of [
      [() => sqs.getQueueUrl({ QueueName: t.unique() }), 'QueueDoesNotExist'],
      [() => sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: 'x' }), 'ReceiptHandleIsInvalid'],
      [() => t.set(url, { Colour: 'red' }), 'InvalidAttributeName'],
      [() => t.set(url, { DelaySeconds: '901' }), 'InvalidAttributeValue'],
      [() => t.send(url, '\u0008'), 'InvalidMessageContents'],
    ]) {
      await assert.rejects(call, (fault) => fault.constructor.name === name && fault.$fault === 'client');
    }
  });

  test('a host that is not ours in a queue url is no matter where the call comes here', async () => {
    const url = await t.queue();
    const here = t.client({ useQueueUrlAsEndpoint: false });
    await here.sendMessage({ QueueUrl: `https://sqs.us-east-1.amazonaws.com/${url.split('/').slice(-2).join('/')}`, MessageBody: 'x' });
    assert.equal((await t.one(url)).Body, 'x');
  });

  test('each answer has an id of its own', async () => {
    const ids = await Promise.all(Array.from({ length: 3 }, async () => (await sqs.listQueues({ QueueNamePrefix: t.unique() })).$metadata.requestId));
    assert.equal(new Set(ids).size, 3);
    assert.ok(ids.every(Boolean));
  });

  test('a fifo queue refuses what it can not do, with names', async () => {
    await t.refused(t.queue({ FifoQueue: 'true' }), {
      ...t.invalid, text: 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    });
    await t.refused(t.queue({ ContentBasedDeduplication: 'true' }), { name: 'InvalidAttributeName', text: 'Unknown Attribute ContentBasedDeduplication.' });
    await t.refused(t.queue({ DeduplicationScope: 'queue' }), { name: 'InvalidAttributeName', text: 'You can specify the DeduplicationScope only when FifoQueue is set to true.' });
  });
});

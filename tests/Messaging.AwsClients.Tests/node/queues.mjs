// Queues by AWS JSON: create, find, read, change, purge, delete.
//
// Rules: Amazon SQS API Reference, "CreateQueue", "GetQueueAttributes", "SetQueueAttributes", "PurgeQueue", "DeleteQueue". Texts: the service's
// answers that LocalStack recorded (tests/aws/services/sqs/test_sqs.snapshot.json).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const limits = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1048576],
  MessageRetentionPeriod: [60, 1209600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43200],
};

describe('queues', t.together, () => {
  test('a url names host, account and queue', async () => {
    const name = t.unique();
    const url = await t.queue({}, { name });
    assert.match(url, new RegExp(`^${t.endpoint.replaceAll('.', '\\.')}/\\d{12}/${name}$`));
    assert.equal((await sqs.getQueueUrl({ QueueName: name })).QueueUrl, url);
  });

  test('a new queue has the documented defaults', async () => {
    const { CreatedTimestamp, LastModifiedTimestamp, QueueArn, ...rest } = await t.attributesOf(await t.queue());
    assert.equal(CreatedTimestamp, LastModifiedTimestamp);
    assert.match(QueueArn, /^arn:aws:sqs:us-east-1:\d{12}:q-/);
    assert.deepEqual({ ...rest }, {
      ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesDelayed: '0', ApproximateNumberOfMessagesNotVisible: '0',
      DelaySeconds: '0', MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true', VisibilityTimeout: '30',
    });
  });

  test('numbers hold on both ends of their range, and not beyond', async () => {
    for (const [name, [least, most]] of Object.entries(limits)) {
      for (const value of [least, most]) {
        assert.equal((await t.attributesOf(await t.queue({ [name]: value }), name))[name], String(value));
      }
      for (const value of [least - 1, most + 1, 'many']) {
        await t.refused(t.queue({ [name]: value }), { name: 'InvalidAttributeValue', code: 'InvalidAttributeValue', text: new RegExp(`^Invalid value for the parameter ${name}\\.`) });
      }
    }
  });

  test('creating it again compares the values that are given', async () => {
    const name = t.unique();
    const url = await t.queue({ DelaySeconds: 1, VisibilityTimeout: 2 }, { name });
    assert.equal(await t.queue({ DelaySeconds: 1 }, { name }), url);
    assert.equal(await t.queue({}, { name }), url);
    await t.refused(t.queue({ DelaySeconds: 2 }, { name }), {
      name: 'QueueNameExists', code: 'QueueAlreadyExists', text: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    });
  });

  test('names have their characters and their length', async () => {
    for (const name of ['n'.repeat(81), 'a.b', 'a b', 'é', `${t.unique()}.fifo`]) {
      await t.refused(t.queue({}, { name }), { ...t.invalid, text: /Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length/ });
    }
    await t.refused(sqs.createQueue({}), { ...t.missing, text: 'The request must contain the parameter QueueName.' });
    await t.refused(sqs.createQueue({ QueueName: '' }), { code: ['InvalidParameterValue', 'MissingParameter'] });
  });

  test('unknown attributes are named', async () => {
    const unknown = { name: 'InvalidAttributeName', code: 'InvalidAttributeName', text: 'Unknown Attribute Colour.' };
    const url = await t.queue();
    await t.refused(t.queue({ Colour: 'red' }), unknown);
    await t.refused(t.set(url, { Colour: 'red' }), unknown);
    await t.refused(t.attributesOf(url, 'Colour'), unknown);
  });

  test('attributes that are not there are no member of the answer', async () => {
    const answer = await sqs.getQueueAttributes({ QueueUrl: await t.queue(), AttributeNames: ['Policy'] });
    assert.equal(answer.Attributes, undefined);
  });

  test('a change is read back, and what is not named stays', async () => {
    const url = await t.queue({ VisibilityTimeout: 41 });
    await t.set(url, { DelaySeconds: '4', MaximumMessageSize: '2048' });
    const { DelaySeconds, MaximumMessageSize, VisibilityTimeout } = await t.attributesOf(url);
    assert.deepEqual([DelaySeconds, MaximumMessageSize, VisibilityTimeout], ['4', '2048', '41']);
  });

  test('the type of a queue stays', async () => {
    await t.refused(t.set(await t.fifo(), { FifoQueue: 'false' }), {
      name: 'InvalidAttributeValue', text: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    });
    await t.refused(t.set(await t.queue(), { FifoQueue: 'true' }), { name: 'InvalidAttributeName', text: 'Unknown Attribute FifoQueue.' });
  });

  test('two ways of encryption exclude each other', async () => {
    await t.refused(t.queue({ KmsMasterKeyId: 'alias/aws/sqs', SqsManagedSseEnabled: 'true' }), {
      name: 'InvalidAttributeName', text: 'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    });
  });

  test('a purge empties it', async () => {
    const url = await t.queue();
    for (let i = 0; i < 3; i++) await t.send(url, 'x', { DelaySeconds: i === 2 ? 900 : 0 });
    await t.one(url);
    await sqs.purgeQueue({ QueueUrl: url });
    await t.eventually(async () => assert.deepEqual(await t.counts(url), [0, 0, 0]));
  });

  test('a deleted queue is missing, and its name is free', async () => {
    const name = t.unique();
    const url = await t.queue({ VisibilityTimeout: 7 }, { name });
    await sqs.deleteQueue({ QueueUrl: url });
    await t.refused(sqs.getQueueUrl({ QueueName: name }), t.missingQueue);
    await t.refused(t.send(url), t.missingQueue);
    assert.equal(await t.queue({}, { name }), url);
    assert.equal((await t.attributesOf(url)).VisibilityTimeout, '30');
  });

  test('an access key of twelve digits is the account, and the region is of the signature', async () => {
    const other = t.client({ region: 'eu-west-1', credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' } });
    const name = t.unique();
    const url = await t.queue({}, { name, of: other });
    assert.ok(url.endsWith(`/123456789012/${name}`), url);
    const { Attributes } = await other.getQueueAttributes({ QueueUrl: url, AttributeNames: ['QueueArn'] });
    assert.equal(Attributes.QueueArn, `arn:aws:sqs:eu-west-1:123456789012:${name}`);
  });
});

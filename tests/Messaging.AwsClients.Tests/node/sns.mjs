// Topics, subscriptions and messages to topics, by the AWS SDK for JavaScript: shapes and errors of what its parser of XML makes of the answers.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { arnOf, endpoint, one, queue, region, together, unique } from './sqs.mjs';

const require = createRequire(path.resolve(process.env.SQS_SDK_FOLDER ?? 'artifacts/npm/aws') + path.sep);
const { SNS } = require('@aws-sdk/client-sns');

const credentials = { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'test', secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'test' };
const sns = new SNS({ endpoint, region, credentials, maxAttempts: 1 });

const topic = async (request = {}) => (await sns.createTopic({ Name: unique('t'), ...request })).TopicArn;

async function subscribed(TopicArn, Attributes = {}) {
  const url = await queue();
  const { SubscriptionArn } = await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: await arnOf(url), Attributes, ReturnSubscriptionArn: true });
  return { url, SubscriptionArn };
}

describe('topics', together, () => {
  it('a topic has attributes and tags', async () => {
    const TopicArn = await topic({ Attributes: { DisplayName: 'Shown & <more>' }, Tags: [{ Key: 'a', Value: 'b' }] });
    const { Attributes } = await sns.getTopicAttributes({ TopicArn });
    assert.equal(Attributes.DisplayName, 'Shown & <more>');
    assert.equal(JSON.parse(Attributes.Policy).Statement[0].Resource, TopicArn);
    assert.deepEqual((await sns.listTagsForResource({ ResourceArn: TopicArn })).Tags, [{ Key: 'a', Value: 'b' }]);
    await sns.untagResource({ ResourceArn: TopicArn, TagKeys: ['a'] });
    assert.deepEqual((await sns.listTagsForResource({ ResourceArn: TopicArn })).Tags ?? [], []);
  });

  it('a topic that is not there is an error of its own class', async () => {
    await assert.rejects(sns.getTopicAttributes({ TopicArn: `arn:aws:sns:${region}:000000000000:nobody` }), (fault) => {
      assert.equal(fault.name, 'NotFoundException');
      assert.equal(fault.message, 'Topic does not exist');
      assert.equal(fault.$metadata.httpStatusCode, 404);
      assert.ok(fault.$metadata.requestId);
      return true;
    });
  });

  it('what can not be is an InvalidParameter', async () => {
    await assert.rejects(sns.createTopic({ Name: 'a b' }), { name: 'InvalidParameterException', message: 'Invalid parameter: Topic Name' });
  });
});

describe('messages', together, () => {
  it('a message arrives as a notification', async () => {
    const TopicArn = await topic();
    const { url } = await subscribed(TopicArn);
    const { MessageId } = await sns.publish({
      TopicArn, Message: 'hello', Subject: 'subject', MessageAttributes: { n: { DataType: 'Number', StringValue: '1' }, b: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) } },
    });
    const notification = JSON.parse((await one(url)).Body);
    assert.equal(notification.MessageId, MessageId);
    assert.equal(notification.Message, 'hello');
    assert.deepEqual(notification.MessageAttributes, { n: { Type: 'Number', Value: '1' }, b: { Type: 'Binary', Value: 'AP8=' } });
  });

  it('a batch tells of each entry', async () => {
    const TopicArn = await topic();
    const answer = await sns.publishBatch({ TopicArn, PublishBatchRequestEntries: [{ Id: 'good', Message: 'm' }, { Id: 'bad', Message: 'm', Subject: '' }] });
    assert.deepEqual(answer.Successful.map((entry) => entry.Id), ['good']);
    assert.deepEqual(answer.Failed, [{ Id: 'bad', Code: 'InvalidParameter', Message: 'Invalid parameter: Subject', SenderFault: true }]);
  });
});

describe('subscriptions', together, () => {
  it('a subscription is listed, changed and ended', async () => {
    const TopicArn = await topic();
    const { SubscriptionArn } = await subscribed(TopicArn, { FilterPolicy: '{"a":["b"]}' });
    assert.equal((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions[0].SubscriptionArn, SubscriptionArn);
    await sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '' });
    const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn });
    assert.equal(Attributes.FilterPolicy, undefined);
    await sns.unsubscribe({ SubscriptionArn });
    assert.deepEqual((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions ?? [], []);
  });

  it('an endpoint that is asked first is pending', async () => {
    const TopicArn = await topic();
    assert.equal((await sns.subscribe({ TopicArn, Protocol: 'http', Endpoint: 'http://127.0.0.1:9/' })).SubscriptionArn, 'pending confirmation');
  });
});

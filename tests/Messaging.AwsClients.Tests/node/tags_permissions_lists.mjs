// Tags, permissions and lists by AWS JSON.
//
// Rules: Amazon SQS API Reference, "TagQueue", "AddPermission", "ListQueues", "ListDeadLetterSourceQueues".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const tagsOf = async (QueueUrl) => (await sqs.listQueueTags({ QueueUrl })).Tags;

describe('tags', t.together, () => {
  test('they come with the queue, are added, changed and removed', async () => {
    const QueueUrl = await t.queue({}, { tags: { a: '1', b: '' } });
    assert.deepEqual({ ...(await tagsOf(QueueUrl)) }, { a: '1', b: '' });
    await sqs.tagQueue({ QueueUrl, Tags: { a: '2', 'c d': 'ü' } });
    await sqs.untagQueue({ QueueUrl, TagKeys: ['b', 'nobody'] });
    assert.deepEqual({ ...(await tagsOf(QueueUrl)) }, { a: '2', 'c d': 'ü' });
    await sqs.untagQueue({ QueueUrl, TagKeys: ['a', 'c d'] });
    assert.equal(await tagsOf(QueueUrl), undefined);
  });

  test('number and lengths have their limits', async () => {
    const QueueUrl = await t.queue({}, { tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v'])) });
    await t.refused(sqs.tagQueue({ QueueUrl, Tags: { more: 'v' } }), { ...t.invalid, text: /^Too many tags added for queue / });
    for (const Tags of [{ ['k'.repeat(129)]: 'v' }, { k0: 'v'.repeat(257) }, { '': 'v' }]) await t.refused(sqs.tagQueue({ QueueUrl, Tags }), t.invalid);
    await t.refused(sqs.tagQueue({ QueueUrl }), t.missing);
    await t.refused(sqs.untagQueue({ QueueUrl }), t.missing);
  });
});

describe('permissions', t.together, () => {
  const policyOf = async (url) => {
    const { Policy } = await t.attributesOf(url, 'Policy');
    return Policy === undefined ? undefined : JSON.parse(Policy);
  };

  test('they are statements of the policy', async () => {
    const QueueUrl = await t.queue();
    const arn = await t.arnOf(QueueUrl);
    await sqs.addPermission({ QueueUrl, Label: 'one', AWSAccountIds: ['123456789012'], Actions: ['SendMessage'] });
    assert.deepEqual(await policyOf(QueueUrl), {
      Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`,
      Statement: [{ Sid: 'one', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'SQS:SendMessage', Resource: arn }],
    });
    await t.refused(sqs.addPermission({ QueueUrl, Label: 'one', AWSAccountIds: ['123456789012'], Actions: ['SendMessage'] }), {
      ...t.invalid, text: 'Value one for parameter Label is invalid. Reason: Already exists.',
    });
    await sqs.removePermission({ QueueUrl, Label: 'one' });
    assert.equal(await policyOf(QueueUrl), undefined);
    await t.refused(sqs.removePermission({ QueueUrl, Label: 'one' }), { ...t.invalid, text: "Value one for parameter Label is invalid. Reason: can't find label." });
  });

  test('they are checked', async () => {
    const QueueUrl = await t.queue();
    const good = { QueueUrl, Label: 'l', AWSAccountIds: ['123456789012'], Actions: ['SendMessage'] };
    for (const wrong of [{ Label: 'a b' }, { Label: 'l'.repeat(81) }, { AWSAccountIds: ['1'] }, { Actions: ['Dance'] }]) {
      await t.refused(sqs.addPermission({ ...good, ...wrong }), t.invalid);
    }
    const actions = ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes', 'GetQueueUrl', 'ListDeadLetterSourceQueues', 'PurgeQueue'];
    await t.refused(sqs.addPermission({ ...good, Actions: actions }), { name: 'OverLimit', code: 'OverLimit', status: [400, 403] });
    for (const name of ['Label', 'AWSAccountIds', 'Actions']) await t.refused(sqs.addPermission({ ...good, [name]: undefined }), t.missing);
    assert.equal(await policyOf(QueueUrl), undefined);
  });
});

describe('lists', t.together, () => {
  test('pages by token, where a number is given', async () => {
    const prefix = t.unique('list');
    const urls = [];
    for (let i = 0; i < 5; i++) urls.push(await t.queue({}, { name: `${prefix}-${i}` }));
    const whole = await sqs.listQueues({ QueueNamePrefix: prefix });
    assert.deepEqual([[...whole.QueueUrls].sort(), whole.NextToken], [urls, undefined]);
    const seen = [];
    let token;
    let pages = 0;
    do {
      const page = await sqs.listQueues({ QueueNamePrefix: prefix, MaxResults: 2, NextToken: token });
      seen.push(...page.QueueUrls);
      token = page.NextToken;
      pages++;
    } while (token);
    assert.deepEqual([seen.sort(), pages], [urls, 3]);
  });

  test('none is no list', async () => {
    assert.equal((await sqs.listQueues({ QueueNamePrefix: t.unique() })).QueueUrls, undefined);
    assert.deepEqual((await sqs.listDeadLetterSourceQueues({ QueueUrl: await t.queue() })).queueUrls, []);
  });

  test('pages have their range, and tokens are ours', async () => {
    const QueueUrl = await t.queue();
    for (const MaxResults of [0, 1001]) {
      await t.refused(sqs.listQueues({ MaxResults }), t.invalid);
      await t.refused(sqs.listDeadLetterSourceQueues({ QueueUrl, MaxResults }), t.invalid);
    }
    await t.refused(sqs.listQueues({ MaxResults: 2, NextToken: 'garbage' }), t.invalid);
  });

  test('sources of a dead-letter queue in pages', async () => {
    const deadUrl = await t.queue();
    const RedrivePolicy = await t.redrive(deadUrl, 3);
    const urls = await Promise.all(Array.from({ length: 3 }, () => t.queue({ RedrivePolicy })));
    const first = await sqs.listDeadLetterSourceQueues({ QueueUrl: deadUrl, MaxResults: 2 });
    const second = await sqs.listDeadLetterSourceQueues({ QueueUrl: deadUrl, MaxResults: 2, NextToken: first.NextToken });
    assert.deepEqual([[...first.queueUrls, ...second.queueUrls].sort(), second.NextToken], [urls.sort(), undefined]);
  });
});

// Who calls: STS GetCallerIdentity, which tools ask before anything else.
//
// Rules: AWS Security Token Service API Reference, "GetCallerIdentity".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

describe('identity', t.together, () => {
  test('the account is that of queues', async () => {
    const { Account, Arn, UserId, $metadata } = await t.stsClient().getCallerIdentity({});
    assert.equal(Account, (await t.queue()).split('/').at(-2));
    assert.match(Arn, new RegExp(`^arn:aws:(iam|sts)::${Account}:`));
    assert.ok(UserId);
    assert.equal($metadata.httpStatusCode, 200);
    assert.ok($metadata.requestId);
  });

  test('an access key of twelve digits is the account', async () => {
    const sts = t.stsClient({ credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' } });
    assert.equal((await sts.getCallerIdentity({})).Account, '123456789012');
  });

  test('nothing else of that service is here', async () => {
    await assert.rejects(t.stsClient().getSessionToken({}), (fault) => fault.$metadata.httpStatusCode >= 400);
  });
});

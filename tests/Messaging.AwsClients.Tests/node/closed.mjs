// A server that checks signatures, by AWS JSON.
//
// Rules: AWS General Reference, "Signature Version 4 for API requests", "Troubleshooting AWS Signature Version 4 errors".
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const account = process.env.SQS_ACCOUNT;
const key = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY };
const unknownKey = { name: ['UnrecognizedClientException', 'InvalidClientTokenId'], text: /^The security token included in the request is invalid/, status: 403 };
const wrongSignature = { name: ['InvalidSignatureException', 'SignatureDoesNotMatch'], status: 403 };

/** A client whose request is changed after it was signed. */
function tampered(change, overrides) {
  const sqs = t.client(overrides);
  sqs.middlewareStack.add((next) => (args) => {
    change(args.request);
    return next(args);
  }, { step: 'finalizeRequest', priority: 'low' });
  return sqs;
}

describe('closed', t.together, () => {
  test('a signed call, with what has to be encoded', async () => {
    const url = await t.queue();
    assert.equal(url.split('/').at(-2), account);
    await t.send(url, 'signed: Grüße & more');
    assert.equal((await t.one(url)).Body, 'signed: Grüße & more');
    assert.equal((await t.stsClient().getCallerIdentity({})).Account, account);
  });

  test('a move task asks for what it does', async () => {
    // Developer Guide, "Configuring queue permissions for dead-letter queue redrive": StartMessageMoveTask, ReceiveMessage, DeleteMessage and GetQueueAttributes on the source, SendMessage on the destination.
    const sqs = t.client();
    const arn = async (url) => (await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['QueueArn'] })).Attributes.QueueArn;
    const dead = await t.queue();
    const source = await t.queue();
    const [deadArn, sourceArn] = [await arn(dead), await arn(source)];
    await sqs.setQueueAttributes({ QueueUrl: source, Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 1 }) } });
    const deny = (url, resource, action) => sqs.setQueueAttributes({
      QueueUrl: url,
      Attributes: { Policy: action ? JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: `sqs:${action}`, Resource: resource }] }) : '' },
    });
    const denied = { name: ['AccessDeniedException', 'AccessDenied'], status: 403 };
    for (const [url, resource, action] of [[dead, deadArn, 'ReceiveMessage'], [dead, deadArn, 'DeleteMessage'], [source, sourceArn, 'SendMessage']]) {
      await deny(url, resource, action);
      await t.refused(sqs.startMessageMoveTask({ SourceArn: deadArn, DestinationArn: sourceArn }), denied);
      await deny(url, resource, null);
    }
    assert.ok((await sqs.startMessageMoveTask({ SourceArn: deadArn, DestinationArn: sourceArn })).TaskHandle);
  });

  test('a mebibyte is signed', async () => {
    const url = await t.queue();
    await t.send(url, 'x'.repeat(t.mebibyte));
    assert.equal((await t.one(url)).Body.length, t.mebibyte);
  });

  test('unknown keys and wrong secrets', async () => {
    await t.refused(t.client({ credentials: { ...key, accessKeyId: 'AKIANOBODY0000000000' } }).listQueues({}), unknownKey);
    await t.refused(t.client({ credentials: { ...key, accessKeyId: '123456789012' } }).listQueues({}), unknownKey);
    await t.refused(t.client({ credentials: { ...key, secretAccessKey: 'wrong' } }).listQueues({}), {
      ...wrongSignature, text: /^The request signature we calculated does not match the signature you provided\./,
    });
  });

  test('a clock that is wrong', async () => {
    // The SDK can correct its clock by the server's answer; it does so only for a second try.
    for (const minutes of [-20, 20]) {
      await t.refused(t.client({ systemClockOffset: minutes * 60_000 }).listQueues({}), { name: wrongSignature.name, text: /[Ss]ignature|[Ee]xpired/, status: [400, 403] });
    }
    for (const minutes of [-10, 10]) await t.client({ systemClockOffset: minutes * 60_000 }).listQueues({ QueueNamePrefix: t.unique() });
  });

  test('a changed body', async () => {
    const url = await t.queue();
    const sqs = tampered((request) => {
      request.body = request.body.replace('honest', 'forged');
    });
    await t.refused(sqs.sendMessage({ QueueUrl: url, MessageBody: 'honest' }), wrongSignature);
    assert.deepEqual(await t.counts(url), [0, 0, 0]);
  });

  test('a changed operation', async () => {
    const sqs = tampered((request) => {
      request.headers['x-amz-target'] = 'AmazonSQS.PurgeQueue';
    });
    await t.refused(sqs.receiveMessage({ QueueUrl: await t.queue() }), wrongSignature);
  });

  test('no signature', async () => {
    const sqs = tampered((request) => {
      delete request.headers.authorization;
    });
    await t.refused(sqs.listQueues({}), { name: ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'], status: [400, 403] });
  });

  test('minutes after a purge and a deletion', async () => {
    const url = await t.queue();
    await t.sqs.purgeQueue({ QueueUrl: url });
    // LocalStack's test_successive_purge_calls_fail, recorded from the service: 403 by JSON too.
    await t.refused(t.sqs.purgeQueue({ QueueUrl: url }), {
      name: 'PurgeQueueInProgress', code: 'AWS.SimpleQueueService.PurgeQueueInProgress', status: 403, text: `Only one PurgeQueue operation on ${t.nameOf(url)} is allowed every 60 seconds.`,
    });
    await t.sqs.deleteQueue({ QueueUrl: url });
    await t.refused(t.queue({}, { name: t.nameOf(url) }), {
      name: 'QueueDeletedRecently', code: 'AWS.SimpleQueueService.QueueDeletedRecently',
      text: 'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    });
  });
});

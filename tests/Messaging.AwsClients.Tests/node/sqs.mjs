// What the scripts of the AWS SDK for JavaScript share: the clients, queues of a test's own, the documented MD5 of attributes, and refusals.
//
// A script is run as `SQS_ENDPOINT=http://127.0.0.1:8080 SQS_SDK_FOLDER=artifacts/npm/aws node --test messages.mjs`. The tests of a script run at the
// same time, since most of what they do is wait for seconds that the service counts.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';

// The packages are installed outside of the source tree's folders, where an import would not look for them.
const require = createRequire(path.resolve(process.env.SQS_SDK_FOLDER ?? 'artifacts/npm/aws') + path.sep);
const { SQS } = require('@aws-sdk/client-sqs');
const { STS } = require('@aws-sdk/client-sts');

export const endpoint = process.env.SQS_ENDPOINT ?? 'http://127.0.0.1:8080';
export const region = process.env.AWS_REGION ?? 'us-east-1';
export const together = { concurrency: 24 };
export const mebibyte = 1024 * 1024;

const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'test',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
};

// A client that never repeats a call: what is refused shall be seen, and the first answer counts.
const settings = (overrides) => ({ endpoint, region, credentials, maxAttempts: 1, ...overrides });

export const client = (overrides) => new SQS(settings(overrides));
export const stsClient = (overrides) => new STS(settings(overrides));
export const sqs = client();

export const unique = (prefix = 'q') => `${prefix}-${randomUUID().replaceAll('-', '').slice(0, 12)}`;
export const seconds = (count) => new Promise((resolve) => setTimeout(resolve, count * 1000));
export const md5 = (text) => createHash('md5').update(text).digest('hex');

/** Amazon SQS Developer Guide, "Amazon SQS message metadata", section "Calculating the MD5 message digest for message attributes". */
export function attributesMd5(attributes) {
  const digest = createHash('md5');
  const add = (data) => {
    const bytes = Buffer.from(data);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue, BinaryValue } = attributes[name];
    add(name);
    add(DataType);
    digest.update(Buffer.of(DataType.startsWith('Binary') ? 2 : 1));
    add(DataType.startsWith('Binary') ? BinaryValue : StringValue);
  }
  return digest.digest('hex');
}

export async function queue(attributes = {}, { name = unique(), tags, of = sqs } = {}) {
  const Attributes = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
  return (await of.createQueue({ QueueName: name, Attributes, tags })).QueueUrl;
}

export const fifo = (attributes = {}) => queue({ FifoQueue: 'true', ...attributes }, { name: `${unique()}.fifo` });
export const nameOf = (url) => url.slice(url.lastIndexOf('/') + 1);

export async function attributesOf(url, ...names) {
  return (await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: names.length ? names : ['All'] })).Attributes ?? {};
}

export const arnOf = async (url) => (await attributesOf(url, 'QueueArn')).QueueArn;
export const redrive = async (deadUrl, maxReceiveCount) => JSON.stringify({ deadLetterTargetArn: await arnOf(deadUrl), maxReceiveCount });

export const set = (url, attributes) => sqs.setQueueAttributes({ QueueUrl: url, Attributes: attributes });
export const send = (url, body = 'body', request = {}) => sqs.sendMessage({ QueueUrl: url, MessageBody: body, ...request });

export async function receive(url, request = {}) {
  return (await sqs.receiveMessage({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, ...request })).Messages ?? [];
}

export async function one(url, request = {}) {
  const messages = await receive(url, { MaxNumberOfMessages: 1, WaitTimeSeconds: 5, ...request });
  assert.equal(messages.length, 1, `no message in ${url}`);
  return messages[0];
}

/** All of so many messages, however many calls that takes; they stay in flight. */
export async function drain(url, count, request = {}) {
  const messages = [];
  for (const end = Date.now() + 5000; messages.length < count && Date.now() < end;) {
    messages.push(...(await receive(url, { WaitTimeSeconds: 1, ...request })));
  }
  assert.equal(messages.length, count);
  return messages;
}

export const remove = (url, message) => sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle });
export const change = (url, message, timeout) =>
  sqs.changeMessageVisibility({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: timeout });

/** Ready, in flight and delayed. */
export async function counts(url) {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'];
  const values = await attributesOf(url, ...names);
  return names.map((name) => Number(values[name]));
}

export async function eventually(check, limit = 5) {
  for (const end = Date.now() + limit * 1000; ;) {
    try {
      return await check();
    } catch (fault) {
      if (!(fault instanceof assert.AssertionError) || Date.now() > end) throw fault;
      await seconds(0.05);
    }
  }
}

export const now = () => performance.now();

/** The call ends so many seconds after it began, or after the moment from which a wait of the service counts: a busy machine begins late. */
export async function takes(atLeast, atMost, call, started = now()) {
  const result = await call();
  const elapsed = (now() - started) / 1000;
  assert.ok(elapsed >= atLeast && elapsed <= atMost, `took ${elapsed.toFixed(2)} s and not ${atLeast} to ${atMost} s`);
  return result;
}

/**
 * The call is refused: by the name of JSON's `__type`, the code of Query in the header x-amzn-query-error, the exact text (or a pattern), and the
 * status. Several of one: where our sources differ.
 */
export async function refused(call, { name, code, text, status = 400 }) {
  let fault;
  try {
    await call;
  } catch (caught) {
    fault = caught;
  }
  assert.ok(fault, 'the call was not refused');
  const told = `${fault.name} ${fault.Code}: ${fault.message} (${fault.$metadata?.httpStatusCode})`;
  assert.equal(fault.$fault, 'client', `${told} ${fault.stack}`);
  if (name !== undefined) assert.ok([name].flat().includes(fault.name), told);
  if (code !== undefined) assert.ok([code].flat().includes(fault.Code), told);
  if (text instanceof RegExp) assert.match(fault.message, text, told);
  else if (text !== undefined) assert.equal(fault.message, text, told);
  assert.ok([status].flat().includes(fault.$metadata.httpStatusCode), told);
  assert.ok(fault.$metadata.requestId, told);
}

export const invalid = { code: 'InvalidParameterValue', name: ['InvalidParameterValue', 'InvalidParameterValueException'] };
export const missing = { code: 'MissingParameter', name: ['MissingParameter', 'MissingRequiredParameterException'] };
export const missingQueue = { name: 'QueueDoesNotExist', code: 'AWS.SimpleQueueService.NonExistentQueue', text: 'The specified queue does not exist.' };
export const badReceipt = { name: 'ReceiptHandleIsInvalid', code: 'ReceiptHandleIsInvalid', status: [400, 404] };

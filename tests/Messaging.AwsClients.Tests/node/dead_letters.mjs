// Dead-letter queues and move tasks.
//
// Rules: Amazon SQS API Reference, "StartMessageMoveTask", "ListMessageMoveTasks", "CancelMessageMoveTask"; Developer Guide, "Configure a dead-letter
// queue redrive". Texts: LocalStack's recorded answers of the service (test_sqs_move_task.snapshot.json).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as t from './sqs.mjs';

const { sqs } = t;
const noResource = (parameter) => ({ name: 'ResourceNotFoundException', code: 'ResourceNotFoundException', status: [404, 400], text: `The resource that you specified for the ${parameter} parameter doesn't exist.` });

/** A queue with its dead-letter queue, in which there are so many messages that died. */
async function dead(count, { fifo = false, sources = 1 } = {}) {
  const make = fifo ? t.fifo : t.queue;
  const deadUrl = await make();
  const RedrivePolicy = await t.redrive(deadUrl, 1);
  const urls = [];
  for (let source = 0; source < sources; source++) {
    const url = await make({ RedrivePolicy, VisibilityTimeout: 0 });
    for (let i = 0; i < count; i++) await t.send(url, `${source}-${i}`, fifo ? { MessageGroupId: 'g', MessageDeduplicationId: `d${i}` } : {});
    for (const end = Date.now() + 5000; Date.now() < end && (await t.counts(url)).some((each) => each > 0);) await t.receive(url);
    urls.push(url);
  }
  await t.eventually(async () => assert.deepEqual(await t.counts(deadUrl), [count * sources, 0, 0]));
  return { url: urls[0], urls, deadUrl, arn: await t.arnOf(deadUrl) };
}

const tasks = async (arn, MaxResults) => (await sqs.listMessageMoveTasks({ SourceArn: arn, MaxResults })).Results ?? [];
const finished = (arn, status = 'COMPLETED') => t.eventually(async () => {
  const [task] = await tasks(arn);
  assert.equal(task?.Status, status);
  return task;
}, 10);

describe('dead letters', t.together, () => {
  test('a message is moved when it has had its receives, and keeps what it is', async () => {
    const deadUrl = await t.queue();
    const url = await t.queue({ RedrivePolicy: await t.redrive(deadUrl, 2), VisibilityTimeout: 0 });
    const sent = await t.send(url, 'sick', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
    await t.one(url);
    await t.one(url);
    assert.deepEqual(await t.receive(url), []);
    const message = await t.one(deadUrl, { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
    assert.deepEqual([message.MessageId, message.Body, message.MessageAttributes.a.StringValue], [sent.MessageId, 'sick', 'b']);
    assert.deepEqual([message.Attributes.DeadLetterQueueSourceArn, message.Attributes.ApproximateReceiveCount], [await t.arnOf(url), '3']);
    assert.deepEqual((await sqs.listDeadLetterSourceQueues({ QueueUrl: deadUrl })).queueUrls, [url]);
  });

  test('policies are checked', async () => {
    const url = await t.queue();
    const arn = await t.arnOf(await t.queue());
    const wrong = [
      ['no', /Redrive policy is not a valid JSON map/], [{ maxReceiveCount: 3 }, /mandatory attribute: deadLetterTargetArn/], [{ deadLetterTargetArn: arn }, /mandatory attribute: maxReceiveCount/],
      [{ deadLetterTargetArn: arn, maxReceiveCount: 0 }, /Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive/],
      [{ deadLetterTargetArn: `${arn}x`, maxReceiveCount: 3 }, /Dead letter target does not exist/],
      [{ deadLetterTargetArn: await t.arnOf(await t.fifo()), maxReceiveCount: 3 }, /Dead-letter queue must be same type of queue as the source/],
    ];
    for (const [policy, text] of wrong) {
      await t.refused(t.set(url, { RedrivePolicy: typeof policy === 'string' ? policy : JSON.stringify(policy) }), { ...t.invalid, text });
    }
  });
});

describe('move tasks', t.together, () => {
  test('messages go back to where they came from, as new ones', async () => {
    const { url, deadUrl, arn } = await dead(3);
    const before = (await t.drain(deadUrl, 3, { VisibilityTimeout: 0, MaxNumberOfMessages: 10 })).map((message) => message.MessageId);
    const { TaskHandle } = await sqs.startMessageMoveTask({ SourceArn: arn });
    assert.ok(TaskHandle);
    const task = await finished(arn);
    assert.deepEqual([task.SourceArn, task.DestinationArn, task.ApproximateNumberOfMessagesMoved, task.ApproximateNumberOfMessagesToMove, task.TaskHandle, task.MaxNumberOfMessagesPerSecond], [arn, undefined, 3, 3, undefined, undefined]);
    assert.ok(Math.abs(task.StartedTimestamp - Date.now()) < 60_000, `${task.StartedTimestamp}`);
    await t.set(url, { VisibilityTimeout: '30' });
    const back = await t.drain(url, 3, { MessageSystemAttributeNames: ['All'] });
    assert.deepEqual(back.map((message) => message.Body).sort(), ['0-0', '0-1', '0-2']);
    assert.deepEqual(back.map((message) => message.Attributes.ApproximateReceiveCount), ['1', '1', '1']);
    assert.equal(back.filter((message) => before.includes(message.MessageId)).length, 0);
    assert.deepEqual(await t.counts(deadUrl), [0, 0, 0]);
  });

  test('each message goes back to its own source', async () => {
    const { urls, arn } = await dead(2, { sources: 2 });
    await sqs.startMessageMoveTask({ SourceArn: arn });
    assert.equal((await finished(arn)).ApproximateNumberOfMessagesMoved, 4);
    for (const [source, url] of urls.entries()) {
      await t.set(url, { VisibilityTimeout: '30' });
      assert.deepEqual((await t.drain(url, 2)).map((message) => message.Body).sort(), [`${source}-0`, `${source}-1`]);
    }
  });

  test('a destination of its own', async () => {
    const { url, arn } = await dead(2);
    const target = await t.queue();
    await sqs.startMessageMoveTask({ SourceArn: arn, DestinationArn: await t.arnOf(target) });
    const task = await finished(arn);
    assert.deepEqual([task.DestinationArn, task.ApproximateNumberOfMessagesMoved], [await t.arnOf(target), 2]);
    assert.deepEqual([await t.counts(target), await t.counts(url)], [[2, 0, 0], [0, 0, 0]]);
  });

  test('a slow task runs, is alone, and can be cancelled', async () => {
    const { url, deadUrl, arn } = await dead(10);
    const { TaskHandle } = await sqs.startMessageMoveTask({ SourceArn: arn, MaxNumberOfMessagesPerSecond: 1 });
    const [running] = await tasks(arn);
    assert.deepEqual([running.Status, running.MaxNumberOfMessagesPerSecond, running.ApproximateNumberOfMessagesToMove], ['RUNNING', 1, 10]);
    assert.equal(running.TaskHandle, TaskHandle);
    await t.refused(sqs.startMessageMoveTask({ SourceArn: arn }), { ...t.invalid, text: 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.' });
    const { ApproximateNumberOfMessagesMoved } = await sqs.cancelMessageMoveTask({ TaskHandle });
    assert.ok(ApproximateNumberOfMessagesMoved < 10, `${ApproximateNumberOfMessagesMoved} were moved`);
    const task = await finished(arn, 'CANCELLED');
    assert.equal(task.TaskHandle, undefined);
    const [[back], [left]] = [await t.counts(url), await t.counts(deadUrl)];
    assert.equal(back + left, 10);
    assert.equal(task.ApproximateNumberOfMessagesMoved, back);
    await t.refused(sqs.cancelMessageMoveTask({ TaskHandle }), { name: ['ResourceNotFoundException', ...t.invalid.name], status: [400, 404] });
  });

  test('a rate holds', async () => {
    // Counted by the server's seconds, of which the first may be over at once: five messages take three at least, and at twice the rate two at most.
    const { arn } = await dead(5);
    const started = performance.now();
    await sqs.startMessageMoveTask({ SourceArn: arn, MaxNumberOfMessagesPerSecond: 1 });
    await finished(arn);
    assert.ok(performance.now() - started > 2500, 'five messages, one a second');
  });

  test('a task whose destination goes away has failed', async () => {
    // LocalStack's test_move_task_delete_destination_queue_while_running.
    const { arn } = await dead(6);
    const target = await t.queue();
    await sqs.startMessageMoveTask({ SourceArn: arn, DestinationArn: await t.arnOf(target), MaxNumberOfMessagesPerSecond: 1 });
    await t.seconds(0.5);
    await sqs.deleteQueue({ QueueUrl: target });
    const task = await finished(arn, 'FAILED');
    assert.equal(task.FailureReason, 'AWS.SimpleQueueService.NonExistentQueue');
  });

  test('a fifo queue keeps its order', async () => {
    const { url, arn } = await dead(3, { fifo: true });
    await sqs.startMessageMoveTask({ SourceArn: arn });
    await finished(arn);
    await t.set(url, { VisibilityTimeout: '30' });
    assert.deepEqual((await t.receive(url)).map((message) => message.Body), ['0-0', '0-1', '0-2']);
  });

  test('tasks are listed newest first, one where no number is given', async () => {
    const { deadUrl, arn } = await dead(1);
    const started = [];
    for (let i = 0; i < 3; i++) {
      await sqs.startMessageMoveTask({ SourceArn: arn, DestinationArn: await t.arnOf(await t.queue()) });
      started.push((await finished(arn)).DestinationArn);
      await t.seconds(0.01);
    }
    assert.deepEqual((await tasks(arn, 10)).map((task) => task.DestinationArn), started.reverse());
    assert.equal((await tasks(arn)).length, 1);
    assert.deepEqual(await t.counts(deadUrl), [0, 0, 0]);
  });

  test('a queue without tasks has none', async () => {
    const { arn } = await dead(0);
    assert.deepEqual(await tasks(arn, 10), []);
  });

  test('the source is a dead-letter queue', async () => {
    await t.refused(sqs.startMessageMoveTask({ SourceArn: await t.arnOf(await t.queue()) }), { ...t.invalid, text: 'Source queue must be configured as a Dead Letter Queue.' });
  });

  test('what does not exist is named', async () => {
    const { arn } = await dead(0);
    const nobody = `${arn}-nobody`;
    await t.refused(sqs.startMessageMoveTask({ SourceArn: nobody }), noResource('SourceArn'));
    await t.refused(sqs.listMessageMoveTasks({ SourceArn: nobody }), noResource('SourceArn'));
    await t.refused(sqs.startMessageMoveTask({ SourceArn: arn, DestinationArn: nobody }), noResource('DestinationArn'));
  });

  test('parameters have their ranges', async () => {
    const { arn } = await dead(0);
    for (const rate of [0, 501]) await t.refused(sqs.startMessageMoveTask({ SourceArn: arn, MaxNumberOfMessagesPerSecond: rate }), t.invalid);
    for (const most of [0, 11]) await t.refused(sqs.listMessageMoveTasks({ SourceArn: arn, MaxResults: most }), t.invalid);
    await t.refused(sqs.startMessageMoveTask({ SourceArn: 'no-arn' }), { code: ['InvalidParameterValue', 'ResourceNotFoundException'], status: [400, 404] });
    await t.refused(sqs.startMessageMoveTask({}), t.missing);
    await t.refused(sqs.listMessageMoveTasks({}), t.missing);
    await t.refused(sqs.cancelMessageMoveTask({}), t.missing);
    await t.refused(sqs.cancelMessageMoveTask({ TaskHandle: 'garbage' }), { ...t.invalid, text: 'Value for parameter TaskHandle is invalid.' });
  });
});

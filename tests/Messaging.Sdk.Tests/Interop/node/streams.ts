// Streams: thousands of messages in flight, credit, acknowledgements, both ways to end one, and what becomes of the messages.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { status, type ClientDuplexStream } from '@grpc/grpc-js';
import { metadata } from './connection.js';
import type { Message } from './generated/messaging/v1/message.js';
import { SettleResult_Kind, StreamReceiveRequest, StreamSendRequest, type DeepPartial, type StreamReceiveOpen, type StreamReceiveResponse, type StreamSendResponse } from './generated/messaging/v1/queue_service.js';
import { counts, create, patience, queues, receive, refused, send, text } from './suite.js';

after(() => queues.close());

async function collect<T>(responses: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const response of responses) all.push(response);
  return all;
}

/** A stream that receives. */
class Receiver {
  private readonly stream: ClientDuplexStream<StreamReceiveRequest, StreamReceiveResponse> = queues.streamReceive(metadata(), patience());
  private readonly responses: AsyncIterator<StreamReceiveResponse> = this.stream[Symbol.asyncIterator]();

  constructor(queue: string, credit: number, open: DeepPartial<StreamReceiveOpen> = {}) {
    this.ask({ open: { queue, ...open }, credit });
  }

  ask = (request: DeepPartial<StreamReceiveRequest>) => void this.stream.write(StreamReceiveRequest.create(request));

  async next(): Promise<StreamReceiveResponse> {
    const { value, done } = await this.responses.next();
    assert.ok(!done, 'The stream has ended.');
    return value;
  }

  async deliveries(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) messages.push(...(await this.next()).messages);
    return messages;
  }

  /** Closes our side, and returns what comes until the server has ended the stream in order. */
  async close(): Promise<StreamReceiveResponse[]> {
    this.stream.end();
    return collect({ [Symbol.asyncIterator]: () => this.responses });
  }

  cancel = () => this.stream.cancel();
}

test('thousands of requests are in flight, and answered in their order', async () => {
  const queue = await create();
  // Each request is another number of messages, so that an answer of the wrong one is seen.
  const sizes = Array.from({ length: 3000 }, (_, number) => 1 + (number % 3));
  const stream = queues.streamSend(metadata(), patience());
  const answered = collect<StreamSendResponse>(stream);
  for (const [number, size] of sizes.entries()) {
    const messages = Array.from({ length: size }, () => ({ body: text(number) }));
    // As much as the server takes: a full stream is waited for.
    if (!stream.write(StreamSendRequest.create({ queue: number === 0 ? queue : '', messages }))) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  const responses = await answered;

  assert.deepEqual(responses.map((response) => response.results.length), sizes);
  const ids = new Set(responses.flatMap((response) => response.results.map((result) => result.id)));
  const all = sizes.reduce((sum, size) => sum + size);
  assert.deepEqual([ids.has(''), ids.size, await counts(queue)], [false, all, [all, 0, 0]]);
});

test('a stream to a queue that is not there is refused', async () => {
  const stream = queues.streamSend(metadata(), patience());
  stream.write(StreamSendRequest.create({ queue: 'not-there', messages: [{ body: text('a') }] }));
  await refused(collect(stream), status.NOT_FOUND, 'queueNotFound');
});

test('as many messages come as there is credit for', async () => {
  const queue = await create();
  await send(queue, ...Array.from({ length: 20 }, (_, number) => text(number)));
  const receiver = new Receiver(queue, 5);
  const first = await receiver.deliveries(5);
  receiver.ask({ credit: 2, acknowledge: first.map((message) => message.receipt) });
  const [settled, more]: [string[], Message[]] = [[], []];
  while (settled.length < 5 || more.length < 2) {
    const response = await receiver.next();
    settled.push(...response.settled.filter((result) => !result.error).map((result) => result.receipt));
    more.push(...response.messages);
  }
  receiver.ask({ stop: true });
  // What comes behind the credit would come before the end.
  const last = await receiver.next();
  assert.deepEqual([last.stopped, last.messages.length, await receiver.close()], [true, 0, []]);
  assert.deepEqual([first.length, more.length, settled.sort()], [5, 2, first.map((message) => message.receipt).sort()]);
  assert.deepEqual(await counts(queue), [15, 0, 0]);
});

test('thousands of messages are received and acknowledged on one stream', async () => {
  const queue = await create();
  const left = new Set(Array.from({ length: 3000 }, (_, number) => `${number}`));
  const bodies = [...left].map(text);
  for (let at = 0; at < bodies.length; at += 1000) await send(queue, ...bodies.slice(at, at + 1000));
  const receiver = new Receiver(queue, 200);
  for (let settled = 0; settled < 3000;) {
    const response = await receiver.next();
    settled += response.settled.filter((result) => !result.error).length;
    for (const message of response.messages) left.delete(message.body.toString());
    if (response.messages.length > 0) receiver.ask({ credit: response.messages.length, acknowledge: response.messages.map((message) => message.receipt) });
  }
  await receiver.close();
  assert.deepEqual([left.size, await counts(queue)], [0, [0, 0, 0]]);
});

test('a side that is closed gives back what is not settled', async () => {
  const queue = await create();
  await send(queue, text('a'), text('b'), text('c'));
  const receiver = new Receiver(queue, 3, { leaseSeconds: 600 });
  const [{ receipt }] = await receiver.deliveries(3);
  receiver.ask({ acknowledge: [receipt] });
  const rest = await receiver.close();
  assert.deepEqual(rest.flatMap((response) => response.settled.map((result) => result.receipt)), [receipt]);
  assert.deepEqual(await counts(queue), [2, 0, 0]);
});

test('a cancelled stream ends, and its leases run out', async () => {
  const queue = await create();
  await send(queue, text('a'));
  const receiver = new Receiver(queue, 10, { leaseSeconds: 1 });
  const [message] = await receiver.deliveries(1);
  receiver.cancel();
  await refused(receiver.next(), status.CANCELLED);
  // The connection goes on with other calls, and nobody extends the lease.
  const [again] = await receive(queue, { waitSeconds: 30 });
  assert.deepEqual([again.id, again.receiveCount], [message.id, 2]);
});

test('leases are extended while the stream is open', async () => {
  const queue = await create();
  await send(queue, text('a'));
  const receiver = new Receiver(queue, 1, { leaseSeconds: 1 });
  const [{ receipt }] = await receiver.deliveries(1);
  // Three leases, in which nobody else gets it.
  assert.deepEqual(await receive(queue, { waitSeconds: 3 }), []);
  receiver.ask({ acknowledge: [receipt] });
  assert.deepEqual((await receiver.next()).settled, [{ receipt, error: undefined, kind: SettleResult_Kind.KIND_ACKNOWLEDGE }]);
  await receiver.close();
});

test('messages are released, rejected and extended on the stream', async () => {
  const dead = await create();
  const queue = await create({ deadLetter: { queue: dead, maxReceives: 5 } });
  await send(queue, text('release'), text('reject'), text('extend'));
  const receiver = new Receiver(queue, 3);
  const receipts = Object.fromEntries((await receiver.deliveries(3)).map((message) => [message.body.toString(), message.receipt]));
  receiver.ask({
    release: [{ receipt: receipts.release, delaySeconds: 600 }],
    reject: [{ receipt: receipts.reject, reason: 'как сказано' }],
    extend: [{ receipt: receipts.extend, leaseSeconds: 600 }],
  });
  const settled = [];
  while (settled.length < 3) settled.push(...(await receiver.next()).settled);
  assert.deepEqual(settled.map((result) => result.error), [undefined, undefined, undefined]);
  assert.deepEqual([await counts(queue), await counts(dead)], [[0, 1, 1], [1, 0, 0]]);
  assert.equal((await receive(dead))[0].origin?.detail, 'как сказано');
  await receiver.close();
});

// Takes messages from a queue and gives them to a handler, a bounded number at a time. Copy it, and change what your work asks for.
//
// At least once: a handler sees a message again if the process died, or lost its lease, before the acknowledgement. Make handlers repeatable.
import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { address, insecure, metadata, options as channelOptions, pause } from './connection.js';
import type { Message } from './generated/messaging/v1/message.js';
import { QueueServiceClient, StreamReceiveRequest, type DeepPartial, type StreamReceiveResponse } from './generated/messaging/v1/queue_service.js';

/** Resolves when the message is done. */
export type Handler = (message: Message) => Promise<void>;

/** Thrown by a handler to say that trying again won't help: the message goes to the dead-letter queue. */
export class PermanentFailure extends Error {}

export const defaults = {
  /** Messages in work at the same time, together with those that wait for one of their group. */
  prefetch: 10,
  /** After a crash, a message is somebody else's so much later. While a handler works, the server extends the lease. */
  leaseSeconds: 30,
  /** How long a stop waits for handlers; what they have not done by then is given back. */
  drainSeconds: 20,
  /** How long a message waits after its nth failure. A `retry` policy of the queue does the same for all consumers. */
  retrySeconds: (receiveCount: number) => Math.min(300, 2 ** receiveCount),
};

/** Runs until `stop`, then until everything in work is done or given back. Throws where the queue can't be received from at all. */
export async function consume(queue: string, handle: Handler, stop: AbortSignal, options: Partial<typeof defaults> = {}): Promise<void> {
  const { prefetch, leaseSeconds, drainSeconds, retrySeconds } = { ...defaults, ...options };
  const client = new QueueServiceClient(address, insecure, channelOptions);
  /** By receipt, what the server has not answered yet; `request` is there when the handler has ended, and is asked again on the next stream where this one breaks. */
  const unsettled = new Map<string, { request?: DeepPartial<StreamReceiveRequest>; answer?: (isDone: boolean) => void }>();
  /** Receipts of what waits for its handler. */
  const unhandled = new Set<string>();
  /** By group of a FIFO queue, its last message: whether what comes behind it may be begun. */
  const groups = new Map<string, Promise<boolean>>();
  let stream: ClientDuplexStream<StreamReceiveRequest, StreamReceiveResponse> | undefined;
  let [hasStopped, hasGivenUp] = [false, false];
  let failures = 0;
  let woken = new AbortController();
  const ask = (request: DeepPartial<StreamReceiveRequest>) => stream?.write(StreamReceiveRequest.create(request));

  let drain: NodeJS.Timeout | undefined;
  stop.addEventListener('abort', () => {
    woken.abort();
    ask({ stop: true });
    drain = setTimeout(giveUp, drainSeconds * 1000);
  }, { once: true });

  try {
    while (!isDone()) {
      try {
        for await (const response of begin()) take(response);
      } catch (error) {
        close();
        woken = new AbortController();
        if (!isDone()) await pause(error as ServiceError, failures++, woken.signal);
      }
    }
  } finally {
    clearTimeout(drain);
    client.close();
  }

  function isDone(): boolean {
    return stop.aborted && (hasGivenUp || unsettled.size === 0);
  }

  function begin() {
    hasStopped = false;
    stream = client.streamReceive(metadata());
    ask({ open: { queue, leaseSeconds }, credit: Math.max(0, prefetch - unsettled.size), stop: stop.aborted });
    for (const { request } of unsettled.values()) if (request) ask(request);
    return stream;
  }

  function take({ messages, damaged, settled, stopped }: StreamReceiveResponse): void {
    failures = 0;
    for (const message of messages) {
      // Only a FIFO queue numbers its messages: those of one group are worked on one after the other, all others side by side.
      const group = message.sequence === undefined ? message.receipt : message.group;
      unsettled.set(message.receipt, {});
      unhandled.add(message.receipt);
      const done = work(message, groups.get(group) ?? true);
      groups.set(group, done);
      void done.then(() => groups.get(group) === done && groups.delete(group));
    }
    for (const { receipt } of damaged) void settle(receipt, { reject: [{ receipt, reason: "It can't be read." }] });
    for (const { receipt, error } of settled) {
      if (error) console.error(`not settled, and delivered again: ${error.code}: ${error.detail}`);
      unsettled.get(receipt)?.answer?.(!error);
      unsettled.delete(receipt);
      ask({ credit: 1 });
    }
    // Behind `stopped` nothing is delivered: when the rest is answered the stream can be closed.
    hasStopped ||= stopped;
    if (hasStopped && unsettled.size === 0) close();
  }

  /** Resolves when the server has answered, with whether the next message of the group may be begun. */
  async function work(message: Message, mayBegin: Promise<boolean> | true): Promise<boolean> {
    const deliveredBy = stream;
    // Behind one that comes again, without a stream that extends its lease, or behind a stop it is not begun: given back, it comes again in its turn.
    const begins = (await mayBegin) && stream === deliveredBy && !stop.aborted;
    unhandled.delete(message.receipt);
    const request = begins ? await handled(message) : givenBack(message.receipt);
    return (await settle(message.receipt, request)) && !request.release;
  }

  /** It does not count as received. */
  function givenBack(receipt: string): DeepPartial<StreamReceiveRequest> {
    return { release: [{ receipt, unhandled: true }] };
  }

  /** What the server is asked for a message when its handler has ended. */
  async function handled(message: Message): Promise<DeepPartial<StreamReceiveRequest>> {
    const { id, receipt, receiveCount } = message;
    try {
      await handle(message);
      return { acknowledge: [receipt] };
    } catch (failure) {
      console.error(`message ${id} failed, delivery ${receiveCount}: ${failure}`);
      if (failure instanceof PermanentFailure) return { reject: [{ receipt, reason: failure.message }] };
      return { release: [{ receipt, delaySeconds: retrySeconds(receiveCount) }] };
    }
  }

  /** Resolves when the server has answered, with whether it has done it. */
  function settle(receipt: string, request: DeepPartial<StreamReceiveRequest>): Promise<boolean> {
    return new Promise((answer) => {
      unsettled.set(receipt, { request, answer });
      ask(request);
    });
  }

  // The server gives back what was delivered and is not settled when the client closes its side.
  function giveUp(): void {
    hasGivenUp = true;
    woken.abort();
    for (const receipt of unhandled) ask(givenBack(receipt));
    close();
  }

  function close(): void {
    stream?.end();
    stream = undefined;
  }
}

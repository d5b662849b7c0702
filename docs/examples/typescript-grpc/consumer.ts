// Takes messages from a queue and gives them to a handler, a bounded number at a time. Copy it, and change what your work asks for.
//
// At least once: a handler sees a message again if the process died, or lost its lease, before the acknowledgement. Make handlers repeatable.
import { setTimeout as sleep } from 'node:timers/promises';
import { status, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import { address, insecure, metadata, options as channelOptions } from './connection.js';
import type { Message } from './generated/messaging/v1/message.js';
import { QueueServiceClient, StreamReceiveRequest, type DeepPartial, type StreamReceiveResponse } from './generated/messaging/v1/queue_service.js';

/** Resolves when the message is done. */
export type Handler = (message: Message) => Promise<void>;

/** Thrown by a handler to say that trying again won't help: the message goes to the dead-letter queue. */
export class PermanentFailure extends Error {}

export const defaults = {
  /** Messages in work at the same time. */
  prefetch: 10,
  /** After a crash, a message is somebody else's so much later. While a handler works, the server extends the lease. */
  leaseSeconds: 30,
  /** How long a stop waits for handlers; what they have not done by then is given back. */
  drainSeconds: 20,
  /** How long a message waits after its nth failure. A `retry` policy of the queue does the same for all consumers. */
  retrySeconds: (receiveCount: number) => Math.min(300, 2 ** receiveCount),
};

const backOffSecondsMax = 10;
// What trying again does not change. Everything else passes: no server, one that stops, one without room.
const final = [status.NOT_FOUND, status.INVALID_ARGUMENT, status.FAILED_PRECONDITION, status.UNAUTHENTICATED, status.PERMISSION_DENIED, status.UNIMPLEMENTED];

/** Runs until `stop`, then until everything in work is done or given back. Throws where the queue can't be received from at all. */
export async function consume(queue: string, handle: Handler, stop: AbortSignal, options: Partial<typeof defaults> = {}): Promise<void> {
  const { prefetch, leaseSeconds, drainSeconds, retrySeconds } = { ...defaults, ...options };
  const client = new QueueServiceClient(address, insecure, channelOptions);
  /** Receipts of messages that handlers have. */
  const working = new Set<string>();
  /** By receipt, what was asked for a message: asked again on the next stream where this one breaks. */
  const unanswered = new Map<string, StreamReceiveRequest>();
  let stream: ClientDuplexStream<StreamReceiveRequest, StreamReceiveResponse> | undefined;
  let hasStopped = false;
  let hasGivenUp = false;
  let attempt = 0;
  const isDone = () => stop.aborted && (hasGivenUp || working.size + unanswered.size === 0);
  const ask = (request: DeepPartial<StreamReceiveRequest>) => stream?.write(StreamReceiveRequest.create(request));

  let drain: NodeJS.Timeout | undefined;
  stop.addEventListener('abort', () => {
    ask({ stop: true });
    drain = setTimeout(giveUp, drainSeconds * 1000);
  }, { once: true });

  try {
    while (!isDone()) {
      try {
        for await (const response of begin()) take(response);
      } catch (error) {
        const { code, details } = error as ServiceError;
        if (code === undefined || final.includes(code)) throw error;
        console.error(`the stream broke: ${status[code]}: ${details}`);
        stream = undefined;
        // Ever longer, and never all clients at the same moment.
        await sleep(1000 * Math.min(backOffSecondsMax, 0.1 * 2 ** attempt++) * (0.5 + Math.random() / 2));
      }
    }
  } finally {
    clearTimeout(drain);
    client.close();
  }

  function begin() {
    hasStopped = false;
    stream = client.streamReceive(metadata());
    ask({ open: { queue, leaseSeconds }, credit: stop.aborted ? 0 : prefetch - working.size, stop: stop.aborted });
    unanswered.forEach(ask);
    return stream;
  }

  function take({ messages, damaged, settled, stopped }: StreamReceiveResponse): void {
    attempt = 0;
    for (const message of messages) {
      working.add(message.receipt);
      void work(message);
    }
    for (const { receipt } of damaged) settle(receipt, { reject: [{ receipt, reason: "It can't be read." }] });
    for (const { receipt, error } of settled) {
      if (error) console.error(`not settled, and delivered again: ${error.code}: ${error.detail}`);
      unanswered.delete(receipt);
    }
    // Behind `stopped` nothing is delivered: when the rest is answered the stream can be closed.
    hasStopped ||= stopped;
    if (hasStopped && isDone()) close();
  }

  async function work(message: Message): Promise<void> {
    const { id, receipt, receiveCount } = message;
    try {
      await handle(message);
      settle(receipt, { acknowledge: [receipt] });
    } catch (failure) {
      console.error(`message ${id} failed, delivery ${receiveCount}: ${failure}`);
      if (failure instanceof PermanentFailure) settle(receipt, { reject: [{ receipt, reason: failure.message }] });
      else settle(receipt, { release: [{ receipt, delaySeconds: retrySeconds(receiveCount) }] });
    }
  }

  function settle(receipt: string, request: DeepPartial<StreamReceiveRequest>): void {
    working.delete(receipt);
    unanswered.set(receipt, StreamReceiveRequest.create(request));
    ask(request);
    ask({ credit: 1 });
  }

  // The server gives back what was delivered and is not settled when the client closes its side.
  function giveUp(): void {
    hasGivenUp = true;
    close();
  }

  function close(): void {
    stream?.end();
    stream = undefined;
  }
}

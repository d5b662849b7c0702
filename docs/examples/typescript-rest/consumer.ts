// A loop that takes messages from a queue and gives them to a handler, a bounded number at a time. Copy it, and change what your work asks for.
//
// At least once: a handler sees a message again if the process died, or lost its lease, before the acknowledgement. Make handlers repeatable.
import { randomUUID } from 'node:crypto';
import { call, CutOff, pause, Refusal, type Answer } from './calls.js';
import { acknowledgeMessages, extendLeases, receiveMessages, rejectMessages, releaseMessages, type ReceivedMessage } from './generated/index.js';

/** Resolves when the message is done. The signal says that going on is in vain: the message is somebody else's by now, or the process ends. */
export type Handler = (message: ReceivedMessage, signal: AbortSignal) => Promise<void>;

/** Thrown by a handler to say that trying again won't help: the message goes to the dead-letter queue. */
export class PermanentFailure extends Error {}

export const defaults = {
  /** Messages in work at the same time, together with those that wait for one of their group. */
  prefetch: 10,
  /** How long the server waits for a message before it answers that there is none. */
  waitSeconds: 20,
  /** After a crash, a message is somebody else's so much later. While a handler works, the lease is extended. */
  leaseSeconds: 30,
  /** How long a stop waits for handlers; what they have not done by then is given back. */
  drainSeconds: 20,
  /** How long a message waits after its nth failure. A `retry` policy of the queue does the same for all consumers. */
  retrySeconds: (receiveCount: number) => Math.min(300, 2 ** receiveCount),
};

/** Runs until `stop`, then until everything in work is done or given back. Throws where the queue can't be received from at all. */
export async function consume(queue: string, handle: Handler, stop: AbortSignal, options: Partial<typeof defaults> = {}): Promise<void> {
  const { prefetch, waitSeconds, leaseSeconds, drainSeconds, retrySeconds } = { ...defaults, ...options };
  const path = { queue };
  /** What is in work, by what tells its handler that going on is in vain. */
  const inWork = new Map<AbortController, Promise<boolean>>();
  /** By group of a FIFO queue, its last message: whether what comes behind it may be begun. */
  const groups = new Map<string, Promise<boolean>>();
  const giveUp = new AbortController();
  let drain: NodeJS.Timeout | undefined;
  let wake = () => {};
  stop.addEventListener('abort', () => {
    drain = setTimeout(endAll, drainSeconds * 1000);
    wake();
  }, { once: true });

  try {
    while (!stop.aborted) {
      const messages = await receive(prefetch - inWork.size);
      if (stop.aborted) await giveBack(messages, true);
      else messages.forEach(begin);
      if (inWork.size >= prefetch && !stop.aborted) await new Promise<void>((resolve) => { wake = resolve; });
    }
  } finally {
    await Promise.all(inWork.values());
    clearTimeout(drain);
  }

  async function receive(max: number): Promise<ReceivedMessage[]> {
    const body = { max, waitSeconds, leaseSeconds, attemptId: randomUUID() };
    try {
      return (await call((signal) => receiveMessages({ path, body, signal }), stop, { seconds: waitSeconds + 30, cut: true })).messages;
    } catch (error) {
      if (!stop.aborted) throw error;
      // What had failed already, and waited to be asked again, is not.
      if (!(error instanceof CutOff)) return [];
      // Cut off by the stop, it may have leased messages that nobody knows of. Asked again under the same attemptId, it says which.
      return (await untilAnswered(receiveMessages, { ...body, waitSeconds: 0 })).messages;
    }
  }

  function begin(message: ReceivedMessage): void {
    // Only a FIFO queue numbers its messages: those of one group are worked on one after the other, all others side by side.
    const group = message.sequence === undefined ? message.receipt : message.group!;
    const inVain = new AbortController();
    const done = work(message, groups.get(group) ?? true, inVain).catch((error: unknown) => {
      console.error(`message ${message.id} is left to its lease: ${error}`);
      return false;
    });
    inWork.set(inVain, done);
    groups.set(group, done);
    void done.then(() => {
      inWork.delete(inVain);
      if (groups.get(group) === done) groups.delete(group);
      wake();
    });
  }

  /** Resolves when the server has answered, with whether the next message of the group may be begun. */
  async function work(message: ReceivedMessage, mayBegin: Promise<boolean> | true, inVain: AbortController): Promise<boolean> {
    const ended = new AbortController();
    const lease = keepLease(message, ended.signal, inVain);
    if (!(await mayBegin) || stop.aborted) inVain.abort(new Error('It comes again, behind the one before it or behind the stop.'));
    const unhandled = inVain.signal.aborted;
    const failure = await failureOf(message, inVain.signal);
    ended.abort();
    // An extension that came behind the release would take the message back.
    await lease;
    const { id, receipt, receiveCount } = message;
    if (inVain.signal.reason instanceof Refusal) throw inVain.signal.reason;
    if (failure === undefined) return untilAnswered(acknowledgeMessages, { receipts: [receipt] }).then(() => true);
    if (inVain.signal.aborted) return giveBack([message], unhandled).then(() => false);
    console.error(`message ${id} failed, delivery ${receiveCount}: ${failure}`);
    if (failure instanceof PermanentFailure) return untilAnswered(rejectMessages, { entries: [{ receipt, reason: failure.message }] }).then(() => true);
    return untilAnswered(releaseMessages, { entries: [{ receipt, delaySeconds: retrySeconds(receiveCount) }] }).then(() => false);
  }

  // A handler that does not listen to its signal is not waited for.
  async function failureOf(message: ReceivedMessage, inVain: AbortSignal): Promise<unknown> {
    const told = new Promise<never>((_, reject) => inVain.addEventListener('abort', () => reject(inVain.reason), { once: true }));
    try {
      inVain.throwIfAborted();
      await Promise.race([handle(message, inVain), told]);
      return undefined;
    } catch (error) {
      return error ?? new Error('failed without saying why');
    }
  }

  async function keepLease({ receipt }: ReceivedMessage, ended: AbortSignal, inVain: AbortController): Promise<void> {
    // In a third of the lease there is time for two more attempts.
    while (await pause(leaseSeconds * 1000 / 3, ended)) {
      try {
        await call((signal) => extendLeases({ path, body: { entries: [{ receipt, leaseSeconds }] }, signal }), ended);
      } catch (error) {
        if (error instanceof Refusal) return inVain.abort(error);
      }
    }
  }

  /** What is unhandled does not count as received. */
  async function giveBack(messages: ReceivedMessage[], unhandled: boolean): Promise<void> {
    const entries = messages.map(({ receipt }) => ({ receipt, delaySeconds: 0, unhandled }));
    if (entries.length > 0) await untilAnswered(releaseMessages, { entries });
  }

  function untilAnswered<B, A>(method: (asked: { path: { queue: string }; body: B; signal: AbortSignal }) => Promise<Answer<A>>, body: B): Promise<A> {
    return call((signal) => method({ path, body, signal }), giveUp.signal, { wake: stop });
  }

  function endAll(): void {
    giveUp.abort();
    for (const inVain of inWork.keys()) inVain.abort(new Error('The time to drain is over.'));
  }
}

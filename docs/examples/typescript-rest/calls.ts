// Where the server is, and how a call to it is made that may be repeated: what passes by itself is waited for, what does not is an error.
import { setTimeout as sleep } from 'node:timers/promises';
import { client } from './generated/client.gen.js';
import type { Problem } from './generated/index.js';

const attemptSeconds = 30;
const backOffSecondsMax = 10;
const passingStatuses = [429, 502, 503, 504];

// An access key is asked for in closed mode only: its id and its secret, which the client sends by HTTP Basic.
client.setConfig({ baseUrl: process.env.MESSAGING_URL ?? 'http://127.0.0.1:8080', auth: process.env.MESSAGING_ACCESS_KEY });

/** The server has answered, and the answer is no: `problem.code` says why. The same call would be refused again. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
  }
}

/** An attempt was ended from here, by its time or by a signal: whether the server has done it is not known. */
export class CutOff extends Error {}

/** What a method answers with. */
export type Answer<T> = { data?: T; error?: unknown; response?: Response };

/** Waits, and says whether it waited to the end; a signal ends the wait. */
export const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, true, { signal }).catch(() => false);

/**
 * Makes a call until it is answered, again where there was no answer and where the server has no room now. Only for calls that can be repeated: reads,
 * settlements of messages, receives with an `attemptId`, sends with an `Idempotency-Key`.
 * @param request One attempt, which ends by its signal where the server is silent for too long.
 * @param until Ends the repetitions; with `cut` the attempt and the pause between two as well.
 * @param options.wake Ends a pause: the next attempt is made at once.
 */
export async function call<T>(
  request: (signal: AbortSignal) => Promise<Answer<T>>,
  until: AbortSignal, { seconds = attemptSeconds, cut = false, wake = until } = {},
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const { data, error, response } = await once(request, cut ? until : undefined, seconds);
    if (error === undefined) return data as T;
    if (response && !passingStatuses.includes(response.status)) throw new Refusal(error as Problem);
    if (until.aborted) throw error;
    // The server says how long; else ever longer, and never all clients at the same moment.
    const told = Number(response?.headers.get('Retry-After') ?? NaN);
    const backOff = Math.min(backOffSecondsMax, 0.1 * 2 ** attempt) * (0.5 + Math.random() / 2);
    const wait = Number.isNaN(told) ? backOff : told + Math.random();
    console.error(`again in ${wait.toFixed(2)} s: ${response ? new Refusal(error as Problem).message : error}`);
    await pause(wait * 1000, wake.aborted ? until : AbortSignal.any([until, wake]));
    if (cut && until.aborted) throw error;
  }
}

async function once<A extends object>(request: (signal: AbortSignal) => Promise<A>, cut: AbortSignal | undefined, seconds: number) {
  const attempt = new AbortController();
  const end = () => attempt.abort(new CutOff('The attempt was cut off.'));
  const timer = setTimeout(end, seconds * 1000);
  cut?.addEventListener('abort', end);
  try {
    return await request(attempt.signal);
  } catch (error) {
    return { error, data: undefined, response: undefined };
  } finally {
    clearTimeout(timer);
    cut?.removeEventListener('abort', end);
  }
}

// Where the server is, how it is reached, what every call says of its caller, and when one is tried again.
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials, Metadata, status, type CallOptions, type Client, type ServiceError } from '@grpc/grpc-js';
import { Refusal, RetryInfo } from './generated/refusal.js';

export const address = process.env.MESSAGING_GRPC ?? '127.0.0.1:8081';
/** One channel is for the whole program: clients that are made with the same address and options share it. */
export const insecure = credentials.createInsecure();

export const options = {
  // A message may be larger than the 4 MiB that a client takes unless it is told otherwise.
  'grpc.max_receive_message_length': -1,
  // A server that has gone without a word is noticed by a ping that nobody answers.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // A server that restarts is back in seconds, where the channel by itself would pause for up to two minutes, in which every call fails.
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1_000,
};

/** The metadata of every call, and of this one. An access key is asked for in closed mode only: its id and its secret, by HTTP Basic. */
export function metadata(more: Record<string, string> = {}): Metadata {
  const key = process.env.MESSAGING_ACCESS_KEY;
  const all = new Metadata();
  if (key) all.set('authorization', `Basic ${Buffer.from(key).toString('base64')}`);
  for (const [name, value] of Object.entries(more)) all.set(name, value);
  return all;
}

type Method<Q, A> = (request: Q, metadata: Metadata, options: Partial<CallOptions>, done: (error: ServiceError | null, answer: A) => void) => unknown;

/** A call of one request and one answer, as a promise: call(queues, queues.getQueue, GetQueueRequest.create({ queue: 'orders' })). */
export const call = <Q, A>(client: Client, method: Method<Q, A>, request: Q, { seconds = 30, headers = metadata() } = {}): Promise<A> =>
  new Promise((resolve, reject) => {
    method.call(client, request, headers, { deadline: Date.now() + seconds * 1000 }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });

const backOffSecondsMax = 10;
// What trying again does not change. Everything else passes: no server, one that stops, one without room.
const final = [status.NOT_FOUND, status.INVALID_ARGUMENT, status.FAILED_PRECONDITION, status.UNAUTHENTICATED, status.PERMISSION_DENIED, status.UNIMPLEMENTED];

/** Waits until it is worth trying again after so many failures: as long as the server says, else ever longer; and never all clients at the same moment. A signal ends the wait. Throws what does not pass. */
export async function pause(error: ServiceError, failures: number, woken?: AbortSignal): Promise<void> {
  if (error.code === undefined || final.includes(error.code)) throw error;
  const seconds = (toldSeconds(error) ?? Math.min(backOffSecondsMax, 0.1 * 2 ** failures) / 2) * (1 + Math.random());
  console.error(`again in ${seconds.toFixed(2)} s: ${status[error.code]}: ${error.details}`);
  await sleep(seconds * 1000, undefined, { signal: woken }).catch(() => {});
}

function toldSeconds({ metadata }: ServiceError): number | undefined {
  const details = metadata.get('grpc-status-details-bin').flatMap((bytes) => Refusal.decode(bytes as Buffer).details);
  const told = details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.RetryInfo'));
  const delay = told && RetryInfo.decode(told.value).retryDelay;
  return delay && delay.seconds + delay.nanos / 1e9;
}

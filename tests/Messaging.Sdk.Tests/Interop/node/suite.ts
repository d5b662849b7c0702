// What the scripts share: queues of their own, refusals with their details, streams, and a wire that counts.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceError } from '@grpc/grpc-js';
import { address, call, insecure, metadata, options } from './connection.js';
import type { QueueDefinition } from './generated/messaging/v1/queue.js';
import { GetQueueRequest, PutQueueRequest, QueueServiceClient, ReceiveMessagesRequest, SendMessagesRequest, type DeepPartial } from './generated/messaging/v1/queue_service.js';
import { BadRequest, ErrorInfo } from './generated/rpc/error_details.js';
import { Status } from './generated/rpc/status.js';

export const queues = new QueueServiceClient(address, insecure, options);
export const patience = () => ({ deadline: Date.now() + 60_000 });
export const unique = (prefix = 'q') => `${prefix}-${randomUUID()}`;

export async function create(definition: DeepPartial<QueueDefinition> = {}): Promise<string> {
  const queue = unique();
  assert.ok((await call(queues, queues.putQueue, PutQueueRequest.create({ queue, definition }))).created);
  return queue;
}

export async function send(queue: string, ...bodies: Uint8Array[]): Promise<string[]> {
  const messages = bodies.map((body) => ({ body: Buffer.from(body) }));
  const { results } = await call(queues, queues.sendMessages, SendMessagesRequest.create({ queue, messages }), { seconds: 60 });
  return results.map((result) => result.id);
}

export const text = (value: string | number) => Buffer.from(`${value}`);

export const receive = async (queue: string, wish: DeepPartial<ReceiveMessagesRequest> = {}) =>
  (await call(queues, queues.receiveMessages, ReceiveMessagesRequest.create({ queue, ...wish }), { seconds: 60 })).messages;

export async function counts(queue: string): Promise<number[]> {
  const { ready, leased, delayed } = (await call(queues, queues.getQueue, GetQueueRequest.create({ queue }))).queue!.counts!;
  return [ready, leased, delayed];
}

/** What is refused with this status, and says so in its details. */
export async function refused(promise: Promise<unknown>, code: number, reason?: string, field?: string): Promise<ServiceError> {
  const error: ServiceError = await promise.then(() => assert.fail('It was not refused.'), (thrown) => thrown);
  assert.equal(error.code, code, String(error));
  if (reason) assert.deepEqual(details(error), ['messaging', reason, field ? [field] : []]);
  return error;
}

/** The domain and the reason of a refusal, and the fields that it is about. */
export function details(error: ServiceError): [string, string, string[]] {
  const status = Status.decode(error.metadata.get('grpc-status-details-bin')[0] as Buffer);
  assert.deepEqual([status.code, status.message], [error.code, error.details]);
  const find = (name: string) => status.details.find((detail) => detail.typeUrl === `type.googleapis.com/google.rpc.${name}`)?.value;
  const { domain, reason } = ErrorInfo.decode(find('ErrorInfo')!);
  const bad = find('BadRequest');
  return [domain, reason, bad ? BadRequest.decode(bad).fieldViolations.map((violation) => violation.field) : []];
}

/** Between a client and the server, on a port of its own: it counts the bytes that pass each way. */
export async function countingWire() {
  const counted = { asked: 0, answered: 0 };
  const [host, port] = address.split(':');
  const server = createServer((client) => {
    const server = connect(Number(port), host);
    const pass = (from: Socket, to: Socket, counter: keyof typeof counted) => {
      from.on('data', (data) => { counted[counter] += data.length; });
      from.on('error', () => to.destroy());
      from.pipe(to);
    };
    pass(client, server, 'asked');
    pass(server, client, 'answered');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    counted,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Whether so many bytes more pass each way while there is patience. */
    async waitFor(bytes: number): Promise<boolean> {
      const [asked, answered, { deadline }] = [counted.asked + bytes, counted.answered + bytes, patience()];
      while (counted.asked < asked || counted.answered < answered) {
        if (Date.now() > deadline) return false;
        await sleep(50);
      }
      return true;
    },
    close: () => server.close(),
  };
}

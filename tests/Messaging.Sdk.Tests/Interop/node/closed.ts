// A closed server: the access key of the environment, another secret, and none.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Metadata, status } from '@grpc/grpc-js';
import { call, metadata } from './connection.js';
import { ListQueuesRequest, StreamReceiveRequest } from './generated/messaging/v1/queue_service.js';
import { create, patience, queues, receive, refused, send, text } from './suite.js';

after(() => queues.close());

test('who has an access key calls by HTTP Basic', async () => {
  const queue = await create();
  await send(queue, text('a'));
  assert.equal((await receive(queue)).length, 1);
});

test('a wrong secret and no key are refused', async () => {
  const wrong = new Metadata();
  wrong.set('authorization', `Basic ${Buffer.from(`${process.env.MESSAGING_ACCESS_KEY!.split(':')[0]}:another`).toString('base64')}`);
  for (const headers of [wrong, new Metadata()])
    await refused(call(queues, queues.listQueues, ListQueuesRequest.create(), { headers }), status.UNAUTHENTICATED, 'unauthorized');
});

test('a stream asks for the key as a call does', async () => {
  const queue = await create();
  const receiveWith = async (headers: Metadata) => {
    const stream = queues.streamReceive(headers, patience());
    stream.write(StreamReceiveRequest.create({ open: { queue }, credit: 1 }));
    stream.end();
    const responses = [];
    for await (const response of stream) responses.push(response.stopped);
    return responses;
  };
  await refused(receiveWith(new Metadata()), status.UNAUTHENTICATED, 'unauthorized');
  assert.deepEqual(await receiveWith(metadata()), [true]);
});

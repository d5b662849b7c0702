// A channel over stops and starts of the server: it prints what it sees, for the tests to wait for. Its word is a queue that is there.
import { status, type ServiceError } from '@grpc/grpc-js';
import { metadata } from './connection.js';
import { StreamReceiveRequest } from './generated/messaging/v1/queue_service.js';
import { details, patience, queues } from './suite.js';

const queue = process.argv[2];
while (true) {
  // Waits for the server, on the same channel as ever.
  await new Promise<void>((resolve, reject) => queues.waitForReady(patience().deadline, (error) => (error ? reject(error) : resolve())));
  const stream = queues.streamReceive(metadata());
  stream.write(StreamReceiveRequest.create({ open: { queue }, credit: 1 }));
  try {
    for await (const { messages } of stream) {
      for (const { body, receipt } of messages) {
        console.log(`received ${body}`);
        stream.write(StreamReceiveRequest.create({ credit: 1, acknowledge: [receipt] }));
      }
    }
  } catch (error) {
    const fault = error as ServiceError;
    const hasDetails = fault.metadata.get('grpc-status-details-bin').length > 0;
    console.log(`ended ${status[fault.code]} ${hasDetails ? details(fault)[1] : 'without a word'}`);
  }
}

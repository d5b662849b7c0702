// Health, queues, messages and long operations, in an order in which each operation finds what its example names. What an answer alone can tell, such as a receipt, is filled in.
import { tell } from './page.mjs';

await tell(async (page) => {
  await page.execute('getLiveness');
  await page.execute('getReadiness');

  await page.execute('putQueue');
  await page.execute('listQueues');
  await page.execute('getQueue');
  await page.execute('patchQueue');
  await page.execute('putQueue', { parameters: { queue: 'orders-dead' } });
  await page.execute('patchQueue', { body: { deadLetter: { queue: 'orders-dead', maxReceives: 5 } } });

  await page.execute('sendMessages');
  await page.execute('sendRawMessage', { file: 'any bytes' });
  await page.execute('sendRawMessage', { type: 'text/plain' });
  const browsed = await page.execute('browseMessages');
  const id = browsed.body.messages.find((message) => message.state === 'delayed').id;
  await page.execute('lookAtMessage', { parameters: { id } });
  await page.execute('cancelMessage', { parameters: { id } });
  // The lease of the example would be over before a busy machine's browser comes to the last of them.
  const received = await page.execute('receiveMessages', { body: { max: 10, leaseSeconds: 600 } });
  const [first, second, third] = received.body.messages;
  await page.execute('extendLeases', { body: { entries: [{ receipt: first.receipt, leaseSeconds: 60 }] } });
  await page.execute('acknowledgeMessages', { body: { receipts: [first.receipt] } });
  await page.execute('releaseMessages', { body: { entries: [{ receipt: second.receipt }] } });
  await page.execute('rejectMessages', { body: { entries: [{ receipt: third.receipt, reason: 'no such customer' }] } });
  const redrive = await page.execute('redriveMessages', { parameters: { queue: 'orders-dead' } });
  await page.execute('listOperations');
  await page.execute('getOperation', { parameters: { id: redrive.body.id } });
  await page.execute('cancelOperation', { parameters: { id: redrive.body.id } });
  await page.execute('purgeQueue');
  await page.execute('deleteQueue');
});

// Every operation of an open server, in an order in which each finds what its example names. What an answer alone can tell, such as a receipt, is filled in.
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
  const { messages: [first, second, third] } = (await page.execute('receiveMessages')).body;
  await page.execute('extendLeases', { body: { entries: [{ receipt: first.receipt, leaseSeconds: 60 }] } });
  await page.execute('acknowledgeMessages', { body: { receipts: [first.receipt] } });
  await page.execute('releaseMessages', { body: { entries: [{ receipt: second.receipt }] } });
  await page.execute('rejectMessages', { body: { entries: [{ receipt: third.receipt, reason: 'no such customer' }] } });
  const redrive = await page.execute('redriveMessages', { parameters: { queue: 'orders-dead' } });
  await page.execute('listOperations');
  await page.execute('getOperation', { parameters: { id: redrive.body.id } });
  await page.execute('cancelOperation', { parameters: { id: redrive.body.id } });
  await page.execute('purgeQueue');

  await page.execute('putTopic');
  await page.execute('listTopics');
  await page.execute('getTopic');
  await page.execute('patchTopic');
  await page.execute('publishRecords');
  await page.execute('publishRawRecord', { file: 'any bytes' });
  await page.execute('publishRawRecord', { type: 'text/plain' });
  await page.execute('publishToPartition');
  await page.execute('fetchRecords');
  await page.execute('listPartitions');
  await page.execute('findOffsets');

  await page.execute('putSubscription');
  await page.execute('listSubscriptions');
  await page.execute('getSubscription');
  await page.execute('patchSubscription');
  await page.execute('listDeliveries');
  await page.execute('pauseSubscription');
  await page.execute('resumeSubscription');
  await page.execute('replaySubscription');
  await page.execute('endReplay');
  await page.execute('confirmSubscription');

  const given = await page.execute('fetchForGroup');
  await page.execute('releaseRecords', { body: { token: given.body.commitToken } });
  const again = await page.execute('fetchForGroup');
  await page.execute('commitOffsets', { body: { token: again.body.commitToken } });
  await page.execute('getGroupOffsets');
  await page.execute('putGroupOffsets');
  await page.execute('resetGroup');
  await page.execute('listGroups');
  await page.execute('describeGroup');
  await page.execute('deleteGroupOffsets');
  const { memberId: member, generation } = (await page.execute('joinGroup')).body;
  await page.execute('heartbeatMember', { parameters: { member }, body: { generation } });
  await page.execute('removeInstance');
  const other = (await page.execute('joinGroup')).body.memberId;
  await page.execute('leaveGroup', { parameters: { member: other } });
  await page.execute('putGroupOffsets');
  await page.execute('deleteGroup');
  await page.execute('deleteRecords');

  const { id: producer, epoch } = (await page.execute('initProducer')).body;
  const { transaction } = (await page.execute('beginTransaction', { parameters: { producer }, body: { epoch } })).body;
  const next = (await page.execute('commitTransaction', { parameters: { producer, transaction } })).body;
  const begun = (await page.execute('beginTransaction', { parameters: { producer }, body: { epoch: next.epoch } })).body;
  await page.execute('abortTransaction', { parameters: { producer, transaction: begun.transaction } });
  await page.execute('runTransaction');

  await page.execute('getDefinitions');
  await page.execute('putDefinitions');
  await page.execute('deleteSubscription');
  await page.execute('deleteTopic');
  await page.execute('deleteQueue');
  await page.execute('resetServer');
});

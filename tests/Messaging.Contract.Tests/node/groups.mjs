// Consumer groups, transactions, and the server as a whole, in an order in which each operation finds what its example names. What an answer alone can tell, such as a token, is filled in.
import { tell } from './page.mjs';

await tell(async (page) => {
  await page.execute('putQueue');
  await page.execute('putTopic');
  await page.execute('publishToPartition');

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

  const { id: producer, epoch } = (await page.execute('initProducer')).body;
  const { transaction } = (await page.execute('beginTransaction', { parameters: { producer }, body: { epoch } })).body;
  const next = (await page.execute('commitTransaction', { parameters: { producer, transaction } })).body;
  const begun = (await page.execute('beginTransaction', { parameters: { producer }, body: { epoch: next.epoch } })).body;
  await page.execute('abortTransaction', { parameters: { producer, transaction: begun.transaction } });
  await page.execute('runTransaction');

  await page.execute('getDefinitions');
  await page.execute('putDefinitions');
  await page.execute('resetServer');
});

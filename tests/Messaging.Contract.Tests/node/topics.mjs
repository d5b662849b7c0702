// Topics, records and subscriptions, in an order in which each operation finds what its example names. What an answer alone can tell, such as a token, is filled in.
import { tell } from './page.mjs';

await tell(async (page) => {
  await page.execute('putQueue');
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
  await page.execute('deleteSubscription');
  await page.execute('deleteRecords');
  await page.execute('deleteTopic');
});

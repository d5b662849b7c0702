// A closed server: who has no access key sees why, and who logs in on the page is served.
import { tell } from './page.mjs';

await tell(async (page) => {
  await page.visit('queues', 'putQueue');
  await page.execute('getLiveness');
  await page.execute('listQueues');
  await page.execute('putQueue');
  await page.authorize(process.env.CONTRACT_KEY_ID, process.env.CONTRACT_SECRET);
  await page.execute('putQueue');
  await page.execute('sendMessages');
  await page.execute('receiveMessages');
  await page.execute('listQueues');
});

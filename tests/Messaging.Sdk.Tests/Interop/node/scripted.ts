// A worker of the example's consumer whose messages say what becomes of them: {"name":"a","seconds":5,"fails":1,"permanent":true}.
// It prints a line when a handler begins and ends, for the tests to wait for.
import { setTimeout as sleep } from 'node:timers/promises';
import { consume, PermanentFailure } from './consumer.js';

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const [queue, options] = process.argv.slice(2);

await consume(queue, async ({ body, receiveCount }) => {
  const { name, seconds = 0, fails = 0, permanent = false } = JSON.parse(body.toString());
  console.log(`begin ${name} ${receiveCount}`);
  await sleep(seconds * 1000);
  if (permanent) throw new PermanentFailure('as it was told');
  if (receiveCount <= fails) throw new Error('as it was told');
  console.log(`done ${name}`);
}, stop.signal, { retrySeconds: () => 1, ...JSON.parse(options) });
process.exit();

// A worker of the example's consumer whose messages say what becomes of them: {"name":"a","seconds":5,"fails":1,"permanent":true,"deaf":true}.
// It prints a line when a handler begins, ends and is told to end, for the tests to wait for.
import { consume, PermanentFailure } from './consumer.js';
import { pause } from './calls.js';

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const [queue, options] = process.argv.slice(2);

await consume(queue, async ({ body, receiveCount }, signal) => {
  const { name, seconds = 0, fails = 0, permanent = false, deaf = false } = JSON.parse(body!);
  console.log(`begin ${name} ${receiveCount}`);
  signal.addEventListener('abort', () => console.log(`told ${name}`));
  await pause(seconds * 1000, deaf ? new AbortController().signal : signal);
  if (permanent) throw new PermanentFailure('as it was told');
  if (receiveCount <= fails) throw new Error('as it was told');
  if (!signal.aborted) console.log(`done ${name}`);
}, stop.signal, { retrySeconds: () => 1, ...JSON.parse(options) });
process.exit();

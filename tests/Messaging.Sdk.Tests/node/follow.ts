// Follows a topic's only partition, and prints its records, for a test that takes the server away meanwhile: node dist/follow.js events
import './calls.js';
import { client } from './generated/client.gen.js';
import type { FetchedRecord } from './generated/index.js';

const { stream } = await client.sse.get<Record<200, FetchedRecord>>({
  url: '/v1/topics/{topic}/partitions/{partition}/records',
  path: { topic: process.argv[2], partition: 0 },
  headers: { Accept: 'text/event-stream' },
  sseDefaultRetryDelay: 200,
});
for await (const { offset, body } of stream) console.log(`record ${offset} ${body}`);

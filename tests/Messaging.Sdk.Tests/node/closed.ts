// A closed server: the access key of the environment, another secret, and none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './calls.js';
import { listQueues, putQueue, type Problem } from './generated/index.js';

const unauthorized = (error: Problem | undefined) => assert.equal(error?.code, 'unauthorized');

test('who has an access key calls by HTTP Basic', async () => {
  const { data, error } = await putQueue({ path: { queue: 'mine' } });
  assert.equal(data?.name, 'mine', JSON.stringify(error));
});

test('a wrong secret and no key are refused', async () => {
  const [id] = process.env.MESSAGING_ACCESS_KEY!.split(':');
  unauthorized((await listQueues({ auth: `${id}:another` })).error);
  unauthorized((await listQueues({ auth: () => undefined })).error);
});

// A client that has nothing of ours: it learns by reflection what there is, and calls it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { loadPackageDefinition, type Client, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { address, call, insecure } from './connection.js';
import { ServerReflectionClient, ServerReflectionRequest, type DeepPartial, type ServerReflectionResponse } from './generated/reflection/v1/reflection.js';
import { create, queues } from './suite.js';

const server = new ServerReflectionClient(address, insecure);

after(() => [queues, server].forEach((client) => client.close()));

async function ask(question: DeepPartial<ServerReflectionRequest>): Promise<NonNullable<ServerReflectionResponse['messageResponse']>> {
  const stream = server.serverReflectionInfo();
  stream.write(ServerReflectionRequest.create(question));
  stream.end();
  const responses: ServerReflectionResponse[] = [];
  for await (const response of stream) responses.push(response);
  assert.equal(responses.length, 1);
  return responses[0].messageResponse!;
}

test('all services are listed', async () => {
  const answer = await ask({ messageRequest: { $case: 'listServices', listServices: '' } });
  assert.equal(answer.$case, 'listServicesResponse');
  const names = answer.listServicesResponse.service.map((service) => service.name);
  for (const name of ['messaging.v1.QueueService', 'messaging.v1.TopicService', 'messaging.v1.OperationService', 'grpc.health.v1.Health']) assert.ok(names.includes(name), name);
});

test('a method is called by what is told of it', async () => {
  const files = new BinaryWriter();
  const answer = await ask({ messageRequest: { $case: 'fileContainingSymbol', fileContainingSymbol: 'messaging.v1.QueueService' } });
  assert.equal(answer.$case, 'fileDescriptorResponse');
  // Of google.protobuf.FileDescriptorSet: field 1, a file each. The loader keeps the contract's own names.
  for (const file of answer.fileDescriptorResponse.fileDescriptorProto) files.uint32(10).bytes(file);
  const known = loadPackageDefinition(loadFileDescriptorSetFromBuffer(Buffer.from(files.finish()))) as unknown as { messaging: { v1: { QueueService: ServiceClientConstructor } } };
  const client: Client & Record<string, any> = new known.messaging.v1.QueueService(address, insecure);
  const name = await create({ leaseSeconds: 77 });
  const found: any = await call(client, client.GetQueue, { queue: name });
  assert.deepEqual([found.queue.name, found.queue.definition.lease_seconds], [name, 77]);
  client.close();
});

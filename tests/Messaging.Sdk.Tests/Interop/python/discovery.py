"""A client that has nothing of ours: it learns by reflection what there is, and calls it."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from reflection.v1 import reflection_pb2, reflection_pb2_grpc
from suite import CHANNEL, Case, create, main

SERVER = reflection_pb2_grpc.ServerReflectionStub(CHANNEL)


def ask(**question):
    (response,) = SERVER.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(**question)]))
    return response


class Reflection(Case):
    def test_all_services_are_listed(self):
        names = {service.name for service in ask(list_services="").list_services_response.service}
        self.assertLessEqual({"messaging.v1.QueueService", "messaging.v1.TopicService", "messaging.v1.OperationService", "grpc.health.v1.Health"}, names)

    def test_a_method_is_called_by_what_is_told_of_it(self):
        pool = descriptor_pool.DescriptorPool()
        self._add(pool, ask(file_containing_symbol="messaging.v1.QueueService").file_descriptor_response, set())
        method = pool.FindServiceByName("messaging.v1.QueueService").FindMethodByName("GetQueue")
        factory = message_factory.MessageFactory(pool)
        request, response = factory.GetPrototype(method.input_type), factory.GetPrototype(method.output_type)
        queue = create(lease_seconds=77)
        call = CHANNEL.unary_unary("/messaging.v1.QueueService/GetQueue", request_serializer=request.SerializeToString, response_deserializer=response.FromString)
        self.assertEqual(77, call(request(queue=queue)).queue.definition.lease_seconds)

    def _add(self, pool, answer, known):
        """Adds what was answered, and before it what it asks for."""
        for raw in answer.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(raw)
            if file.name in known:
                continue
            known.add(file.name)
            for name in file.dependency:
                self._add(pool, ask(file_by_filename=name).file_descriptor_response, known)
            pool.Add(file)


if __name__ == "__main__":
    main()

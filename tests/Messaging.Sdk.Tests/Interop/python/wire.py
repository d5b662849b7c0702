"""What is on the wire: large messages and their bound, compression both ways, and pings on a connection that is silent."""

import os

import grpc

from health.v1 import health_pb2, health_pb2_grpc
from messaging.v1 import message_pb2, queue_service_pb2, queue_service_pb2_grpc
from suite import CountingWire, Case, QUEUES, create, main, open_channel, receive, send

MIB = 1024 * 1024


class LargeMessages(Case):
    def test_sixteen_mebibytes_go_through(self):
        queue = create(max_message_bytes=16 * MIB)
        body = os.urandom(16 * MIB)
        send(queue, body)
        (message,) = receive(queue, wait_seconds=5)
        self.assertTrue(message.body == body)

    def test_more_than_the_server_reads_is_refused_by_the_wire(self):
        with self.refused(grpc.StatusCode.RESOURCE_EXHAUSTED):
            send(create(max_message_bytes=16 * MIB), bytes(21 * MIB))

    def test_a_message_that_is_larger_than_its_queue_takes_is_refused_by_the_queue(self):
        with self.refused(grpc.StatusCode.INVALID_ARGUMENT, "messageTooLarge", "messages[0]"):
            send(create(), bytes(2 * MIB))


class Compression(Case):
    def test_gzip_goes_both_ways(self):
        queue, wire = create(max_message_bytes=16 * MIB), CountingWire()
        queues = queue_service_pb2_grpc.QueueServiceStub(open_channel(wire.address))
        body = bytes(8 * MIB)
        request = queue_service_pb2.SendMessagesRequest(queue=queue, messages=[message_pb2.OutgoingMessage(body=body)])
        queues.SendMessages(request, compression=grpc.Compression.Gzip)
        answer = queues.ReceiveMessages(queue_service_pb2.ReceiveMessagesRequest(queue=queue, wait_seconds=5), compression=grpc.Compression.Gzip)
        self.assertTrue(answer.messages[0].body == body)
        self.assertLess(wire.asked, MIB)
        self.assertLess(wire.answered, MIB)

    def test_what_decompresses_to_too_much_is_refused(self):
        queue = create(max_message_bytes=16 * MIB)
        request = queue_service_pb2.SendMessagesRequest(queue=queue, messages=[message_pb2.OutgoingMessage(body=bytes(21 * MIB))])
        with self.refused(grpc.StatusCode.RESOURCE_EXHAUSTED):
            QUEUES.SendMessages(request, compression=grpc.Compression.Gzip)


class Pings(Case):
    def test_a_silent_connection_is_kept_by_pings_that_the_server_answers(self):
        wire = CountingWire()
        channel = open_channel(wire.address, keepalive_time_ms=1000, keepalive_permit_without_calls=1, **{"http2.max_pings_without_data": 0})
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        self.assertEqual(health_pb2.HealthCheckResponse.SERVING, next(watch).status)
        # Of RFC 9113, section 6.7: a ping has 17 bytes, and so has its answer. A server that found them too many would close the connection.
        self.assertTrue(wire.wait_for(asked=5 * 17, answered=5 * 17))
        queues = queue_service_pb2_grpc.QueueServiceStub(channel)
        self.assertEqual(0, len(queues.ListQueues(queue_service_pb2.ListQueuesRequest(prefix="none-is-called-so")).queues))
        self.assertTrue(watch.is_active())


if __name__ == "__main__":
    main()

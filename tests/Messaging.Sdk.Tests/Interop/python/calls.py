"""Single calls: what goes in comes out, what is refused says why, and what takes too long ends at its deadline."""

import time

import grpc

from messaging.v1 import error_pb2, message_pb2, queue_service_pb2
from suite import CHANNEL, QUEUES, Case, create, main, receive, send, unique
from health.v1 import health_pb2, health_pb2_grpc


class Calls(Case):
    def test_a_message_comes_out_as_it_went_in(self):
        queue = create()
        body = bytes(range(256))
        message = message_pb2.OutgoingMessage(body=body, content_type="application/x-bytes", group="группа", traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
        message.attributes["text"].text = "日本"
        message.attributes["number"].number = "1e3"
        message.attributes["binary"].binary = b"\0\xff"
        (sent,) = QUEUES.SendMessages(queue_service_pb2.SendMessagesRequest(queue=queue, messages=[message])).results
        (received,) = receive(queue, wait_seconds=5)
        self.assertEqual((sent.id, body, "application/x-bytes", "группа", 1), (received.id, received.body, received.content_type, received.group, received.receive_count))
        self.assertEqual(message.attributes, received.attributes)
        self.assertEqual(message.traceparent, received.traceparent)

    def test_a_field_that_is_left_out_is_not_zero(self):
        queue = create(lease_seconds=0)
        answer = QUEUES.GetQueue(queue_service_pb2.GetQueueRequest(queue=queue)).queue.definition
        self.assertEqual((0, 1_048_576), (answer.lease_seconds, answer.max_message_bytes))
        self.assertFalse(answer.HasField("max_messages"))

    def test_binary_metadata_and_unknown_names_do_no_harm(self):
        queue = create()
        metadata = [("x-trace-bin", bytes(range(256))), ("x-other", "value")]
        answer, call = QUEUES.GetQueue.with_call(queue_service_pb2.GetQueueRequest(queue=queue), metadata=metadata)
        self.assertEqual((queue, grpc.StatusCode.OK), (answer.queue.name, call.code()))

    def test_the_server_and_its_services_are_healthy(self):
        health = health_pb2_grpc.HealthStub(CHANNEL)
        for service in ("", "messaging.v1.QueueService", "messaging.v1.TopicService"):
            self.assertEqual(health_pb2.HealthCheckResponse.SERVING, health.Check(health_pb2.HealthCheckRequest(service=service)).status)


class Refusals(Case):
    def test_a_refusal_has_a_reason_and_a_message_in_any_script(self):
        queue = unique("очередь-日本")
        with self.refused(grpc.StatusCode.NOT_FOUND, "queueNotFound") as caught:
            QUEUES.GetQueue(queue_service_pb2.GetQueueRequest(queue=queue))
        self.assertIn(queue, caught[0].details())

    def test_a_wrong_value_names_its_field(self):
        with self.refused(grpc.StatusCode.INVALID_ARGUMENT, "invalidValue", "definition.leaseSeconds"):
            create(lease_seconds=-1)
        queue = create()
        messages = [message_pb2.OutgoingMessage(body=b"a", delay_seconds=-1)]
        with self.refused(grpc.StatusCode.INVALID_ARGUMENT, "invalidValue", "messages[0].delaySeconds"):
            QUEUES.SendMessages(queue_service_pb2.SendMessagesRequest(queue=queue, messages=messages))

    def test_of_many_messages_one_that_fails_says_why(self):
        queue = create(max_message_bytes=1024)
        messages = [message_pb2.OutgoingMessage(body=b"x" * size) for size in (10, 2000)]
        results = QUEUES.SendMessages(queue_service_pb2.SendMessagesRequest(queue=queue, messages=messages)).results
        self.assertEqual(["", "messageTooLarge"], [result.error.code for result in results])

    def test_a_precondition_that_does_not_hold_changes_nothing(self):
        request = queue_service_pb2.PutQueueRequest(queue=create(), precondition=error_pb2.Precondition(must_not_exist=True))
        with self.refused(grpc.StatusCode.ABORTED, "preconditionFailed"):
            QUEUES.PutQueue(request)

    def test_a_method_that_is_not_there_is_unimplemented(self):
        absent = CHANNEL.unary_unary("/messaging.v1.QueueService/Absent", request_serializer=bytes, response_deserializer=bytes)
        with self.refused(grpc.StatusCode.UNIMPLEMENTED):
            absent(b"")


class Deadlines(Case):
    def test_a_call_ends_at_its_deadline_and_takes_no_message_with_it(self):
        queue = create()
        started = time.monotonic()
        with self.refused(grpc.StatusCode.DEADLINE_EXCEEDED):
            QUEUES.ReceiveMessages(queue_service_pb2.ReceiveMessagesRequest(queue=queue, wait_seconds=60), timeout=0.5)
        self.assertLess(time.monotonic() - started, 30)
        send(queue, b"a")
        (message,) = receive(queue, wait_seconds=20)
        self.assertEqual(1, message.receive_count)


if __name__ == "__main__":
    main()

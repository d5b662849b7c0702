"""A closed server: the access key of the environment, another secret, and none."""

import base64
import os

import grpc

from connection import credentials
from messaging.v1 import queue_service_pb2
from messaging.v1.queue_service_pb2 import StreamReceiveOpen, StreamReceiveRequest
from suite import PATIENCE, QUEUES, Case, create, main, receive, send

REQUEST = queue_service_pb2.ListQueuesRequest()


class Closed(Case):
    def test_who_has_an_access_key_calls_by_http_basic(self):
        queue = create()
        send(queue, b"a")
        self.assertEqual(1, len(receive(queue)))

    def test_a_wrong_secret_and_no_key_are_refused(self):
        id = os.environ["MESSAGING_ACCESS_KEY"].split(":")[0]
        wrong = "Basic " + base64.b64encode(f"{id}:another".encode()).decode()
        for metadata in ([("authorization", wrong)], []):
            with self.refused(grpc.StatusCode.UNAUTHENTICATED, "unauthorized"):
                QUEUES.ListQueues(REQUEST, metadata=metadata)

    def test_a_stream_asks_for_the_key_as_a_call_does(self):
        queue = create()
        first = StreamReceiveRequest(open=StreamReceiveOpen(queue=queue), credit=1)
        with self.refused(grpc.StatusCode.UNAUTHENTICATED, "unauthorized"):
            list(QUEUES.StreamReceive(iter([first]), timeout=PATIENCE))
        self.assertEqual(1, len(list(QUEUES.StreamReceive(iter([first]), timeout=PATIENCE, metadata=credentials()))))


if __name__ == "__main__":
    main()

"""A channel over stops and starts of the server: it prints what it sees, for the tests to wait for. Its words are a queue that is there."""

import sys

import grpc

from messaging.v1.queue_service_pb2 import StreamReceiveOpen, StreamReceiveRequest
from suite import QUEUES, Requests, details

queue = sys.argv[1]
while True:
    requests = Requests(StreamReceiveRequest(open=StreamReceiveOpen(queue=queue), credit=1))
    # Waits for the server, on the same channel as ever.
    stream = QUEUES.StreamReceive(iter(requests), wait_for_ready=True)
    try:
        for response in stream:
            for message in response.messages:
                print(f"received {message.body.decode()}", flush=True)
                requests.ask(StreamReceiveRequest(credit=1, acknowledge=[message.receipt]))
    except grpc.RpcError as error:
        has_details = "grpc-status-details-bin" in dict(error.trailing_metadata() or ())
        print(f"ended {error.code().name} {details(error)[0].reason if has_details else 'without a word'}", flush=True)
    requests.close()

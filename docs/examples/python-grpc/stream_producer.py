"""Sends the lines of a file as messages on a stream, without waiting for one before the next: python3 stream_producer.py lines lines.txt"""

import asyncio
import sys
import uuid

import grpc

from connection import connect, credentials, pause
from messaging.v1 import error_pb2, message_pb2, queue_pb2, queue_service_pb2, queue_service_pb2_grpc


async def send(queues, queue, messages):
    """Sends messages in their order, and yields what became of each. Where the stream breaks, the first one without an answer is sent again, and what follows it."""
    answered = failures = 0
    while answered < len(messages):
        requests = (queue_service_pb2.StreamSendRequest(queue=queue, messages=[message]) for message in messages[answered:])
        try:
            async for response in queues.StreamSend(requests, metadata=credentials()):
                answered, failures = answered + 1, 0
                yield response.results[0]
        except grpc.RpcError as error:
            await pause(error, failures)
            failures += 1


async def main(queue, path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    # What has no answer may have been stored: under the same id, within the queue's window, it is not stored again.
    run = uuid.uuid4()
    messages = [message_pb2.OutgoingMessage(body=line.encode(), deduplication_id=f"{run}-{number}") for number, line in enumerate(lines)]
    async with connect() as channel:
        queues = queue_service_pb2_grpc.QueueServiceStub(channel)
        try:
            definition, precondition = queue_pb2.QueueDefinition(deduplication=queue_pb2.Deduplication()), error_pb2.Precondition(must_not_exist=True)
            request = queue_service_pb2.PutQueueRequest(queue=queue, definition=definition, precondition=precondition)
            await queues.PutQueue(request, metadata=credentials(), timeout=60, wait_for_ready=True)
        except grpc.RpcError as error:
            # A queue that is there stays as it is.
            if error.code() != grpc.StatusCode.ABORTED:
                raise
        async for result in send(queues, queue, messages):
            print(f"not sent: {result.error.code}" if result.HasField("error") else f"sent {result.id}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: stream_producer.py <queue> <file>")
    asyncio.run(main(*sys.argv[1:]))

"""Sends its words as messages: python3 producer.py orders first second"""

import asyncio
import sys
import uuid

import grpc

from connection import connect, credentials
from messaging.v1 import error_pb2, message_pb2, queue_service_pb2, queue_service_pb2_grpc


async def main(queue, *bodies):
    async with connect() as channel:
        queues = queue_service_pb2_grpc.QueueServiceStub(channel)
        # Waits for a server that is not there yet, as long as the deadline allows.
        patience = {"timeout": 60, "wait_for_ready": True}
        try:
            precondition = error_pb2.Precondition(must_not_exist=True)
            await queues.PutQueue(queue_service_pb2.PutQueueRequest(queue=queue, precondition=precondition), metadata=credentials(), **patience)
        except grpc.RpcError as error:
            # A queue that is there stays as it is.
            if error.code() != grpc.StatusCode.ABORTED:
                raise
        request = queue_service_pb2.SendMessagesRequest(queue=queue, messages=[message_pb2.OutgoingMessage(body=body.encode()) for body in bodies])
        # Whoever repeats this send does it under the same key: however many attempts arrive, the messages are stored once.
        once = ("idempotency-key", str(uuid.uuid4()))
        for result in (await queues.SendMessages(request, metadata=[*credentials(), once], **patience)).results:
            print(f"not sent: {result.error.code}" if result.HasField("error") else f"sent {result.id}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: producer.py <queue> <body>...")
    asyncio.run(main(*sys.argv[1:]))

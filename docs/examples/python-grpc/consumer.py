"""Takes messages from a queue and gives them to a handler, a bounded number at a time. Copy it, and change what your work asks for.

At least once: a handler sees a message again if the process died, or lost its lease, before the acknowledgement. Make handlers repeatable.

    python3 consumer.py orders
"""

import asyncio
import logging
import signal
import sys

import grpc

from connection import connect, credentials, pause
from messaging.v1.queue_service_pb2 import RejectEntry, ReleaseEntry, StreamReceiveOpen, StreamReceiveRequest
from messaging.v1.queue_service_pb2_grpc import QueueServiceStub

LOG = logging.getLogger(__name__)


class PermanentFailure(Exception):
    """Raised by a handler to say that trying again won't help: the message goes to the dead-letter queue."""


class Consumer:
    """
    handle: a coroutine function that returns when the message is done. What blocks goes to a thread: `await asyncio.to_thread(work, message)`.
    prefetch: messages in work at the same time, together with those that wait for one of their group.
    lease_seconds: after a crash, a message is somebody else's so much later. While a handler works, the server extends the lease.
    drain_seconds: how long a stop waits for handlers; what they have not done by then is given back.
    retry_seconds: how long a message waits after its nth failure. A `retry` policy of the queue does the same for all consumers.
    """

    def __init__(self, channel, queue, handle, *, prefetch=10, lease_seconds=30, drain_seconds=20, retry_seconds=lambda count: min(300, 2**count)):
        self._service, self._handle = QueueServiceStub(channel), handle
        self._open = StreamReceiveOpen(queue=queue, lease_seconds=lease_seconds)
        self._prefetch, self._drain_seconds, self._retry_seconds = prefetch, drain_seconds, retry_seconds
        self._requests = None  # a queue, while a stream is open; None in it closes our side
        self._unsettled = {}  # by receipt, what was asked for a message, until it is answered: asked again on the next stream where this one breaks
        self._answers = {}  # by receipt, who waits for the answer
        self._unhandled = set()  # receipts of what waits for its handler
        self._groups = {}  # by group of a FIFO queue, its last message: whether what comes behind it may be begun
        self._failures, self._woken = 0, asyncio.Event()
        self._stopping = self._stopped = self._given_up = False

    async def run(self):
        """Runs until `stop`, then until everything in work is done or given back. Raises where the queue can't be received from at all."""
        while not self._is_done():
            try:
                async for response in self._begin():
                    self._take(response)
            except grpc.RpcError as error:
                self._close()
                self._woken.clear()
                if not self._is_done():
                    await pause(error, self._failures, self._woken)
                self._failures += 1

    def stop(self):
        """Takes nothing more. Of the thread that runs."""
        self._stopping = True
        self._woken.set()
        self._ask(StreamReceiveRequest(stop=True))
        asyncio.get_running_loop().call_later(self._drain_seconds, self._give_up)

    def _is_done(self):
        return self._stopping and (self._given_up or not self._unsettled)

    def _begin(self):
        self._stopped, self._requests = False, asyncio.Queue()
        self._ask(StreamReceiveRequest(open=self._open, credit=max(0, self._prefetch - len(self._unsettled)), stop=self._stopping))
        for request in filter(None, self._unsettled.values()):
            self._ask(request)
        return self._service.StreamReceive(_until_none(self._requests), metadata=credentials())

    def _ask(self, request):
        if self._requests is not None:
            self._requests.put_nowait(request)

    def _take(self, response):
        self._failures = 0
        for message in response.messages:
            # Only a FIFO queue numbers its messages: those of one group are worked on one after the other, all others side by side.
            group = message.group if message.HasField("sequence") else message.receipt
            self._unsettled[message.receipt] = None
            self._unhandled.add(message.receipt)
            self._groups[group] = asyncio.ensure_future(self._work(message, self._groups.get(group), self._requests))
            self._groups[group].add_done_callback(lambda done, group=group: self._groups.get(group) is done and self._groups.pop(group))
        for message in response.damaged:
            asyncio.ensure_future(self._settle(message.receipt, StreamReceiveRequest(reject=[RejectEntry(receipt=message.receipt, reason="It can't be read.")])))
        for result in response.settled:
            if result.HasField("error"):
                LOG.warning("not settled, and delivered again: %s: %s", result.error.code, result.error.detail)
            self._unsettled.pop(result.receipt, None)
            if result.receipt in self._answers:
                self._answers.pop(result.receipt).set_result(not result.HasField("error"))
            self._ask(StreamReceiveRequest(credit=1))
        # Behind `stopped` nothing is delivered: when the rest is answered the stream can be closed.
        self._stopped = self._stopped or response.stopped
        if self._stopped and not self._unsettled:
            self._close()

    async def _work(self, message, before, delivered_by):
        """Returns when the server has answered, with whether the next message of the group may be begun."""
        # Behind one that comes again, without a stream that extends its lease, or behind a stop it is not begun: given back, it comes again in its turn.
        begins = (before is None or await before) and self._requests is delivered_by and not self._stopping
        self._unhandled.remove(message.receipt)
        request = await self._handled(message) if begins else _unhandled(message.receipt)
        return await self._settle(message.receipt, request) and not request.release

    async def _handled(self, message):
        """What the server is asked for a message when its handler has ended."""
        receipt = message.receipt
        try:
            await self._handle(message)
            return StreamReceiveRequest(acknowledge=[receipt])
        except PermanentFailure as failure:
            return StreamReceiveRequest(reject=[RejectEntry(receipt=receipt, reason=str(failure))])
        except Exception as failure:
            LOG.warning("message %s failed, delivery %d: %s", message.id, message.receive_count, failure)
            return StreamReceiveRequest(release=[ReleaseEntry(receipt=receipt, delay_seconds=self._retry_seconds(message.receive_count))])

    async def _settle(self, receipt, request):
        """Returns when the server has answered, with whether it has done it."""
        self._unsettled[receipt] = request
        self._answers[receipt] = asyncio.get_running_loop().create_future()
        self._ask(request)
        return await self._answers[receipt]

    def _give_up(self):
        # The server gives back what was delivered and is not settled when the client closes its side.
        self._given_up = True
        self._woken.set()
        for receipt in self._unhandled:
            self._ask(_unhandled(receipt))
        self._close()

    def _close(self):
        self._ask(None)
        self._requests = None


def _unhandled(receipt):
    """Gives a message back; it does not count as received."""
    return StreamReceiveRequest(release=[ReleaseEntry(receipt=receipt, unhandled=True)])


async def _until_none(requests):
    while (request := await requests.get()) is not None:
        yield request


async def main(queue):
    async def handle(message):
        print(f"received {message.body.decode()}", flush=True)

    async with connect() as channel:
        consumer = Consumer(channel, queue, handle)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, consumer.stop)
        await consumer.run()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: consumer.py <queue>")
    asyncio.run(main(sys.argv[1]))

"""Takes messages from a queue and gives them to a handler, a bounded number at a time. Copy it, and change what your work asks for.

At least once: a handler sees a message again if the process died, or lost its lease, before the acknowledgement. Make handlers repeatable.

    python3 consumer.py orders
"""

import concurrent.futures
import logging
import os
import queue as queues
import random
import signal
import sys
import threading
import time

import grpc

from connection import connect, credentials
from messaging.v1.queue_service_pb2 import RejectEntry, ReleaseEntry, StreamReceiveOpen, StreamReceiveRequest
from messaging.v1.queue_service_pb2_grpc import QueueServiceStub

LOG = logging.getLogger(__name__)
BACK_OFF_SECONDS_MAX = 10
# What trying again does not change. Everything else passes: no server, one that stops, one without room.
FINAL = {
    grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNIMPLEMENTED,
}


class PermanentFailure(Exception):
    """Raised by a handler to say that trying again won't help: the message goes to the dead-letter queue."""


class Consumer:
    """
    prefetch: messages in work at the same time.
    lease_seconds: after a crash, a message is somebody else's so much later. While a handler works, the server extends the lease.
    drain_seconds: how long a stop waits for handlers; what they have not done by then is given back.
    retry_seconds: how long a message waits after its nth failure. A `retry` policy of the queue does the same for all consumers.
    """

    def __init__(self, channel, queue, handle, *, prefetch=10, lease_seconds=30, drain_seconds=20, retry_seconds=lambda count: min(300, 2**count)):
        self._channel, self._service, self._handle = channel, QueueServiceStub(channel), handle
        self._open = StreamReceiveOpen(queue=queue, lease_seconds=lease_seconds)
        self._prefetch, self._drain_seconds, self._retry_seconds = prefetch, drain_seconds, retry_seconds
        self._lock = threading.Lock()
        self._requests = queues.SimpleQueue()  # of the stream that is open; None ends it
        self._working = set()  # receipts of messages that handlers have
        self._unanswered = {}  # by receipt, what was asked for a message: asked again on the next stream where this one breaks
        self._stopping = self._stopped = self._given_up = False

    def run(self):
        """Runs until `stop`, then until everything in work is done or given back. Raises where the queue can't be received from at all."""
        attempt = 0
        pool = concurrent.futures.ThreadPoolExecutor(self._prefetch)
        while not self._is_done():
            try:
                for response in self._begin():
                    attempt = 0
                    self._take(response, pool)
            except grpc.RpcError as error:
                if error.code() in FINAL:
                    raise
                LOG.warning("the stream broke: %s: %s", error.code().name, error.details())
                # Ever longer, and never all clients at the same moment.
                time.sleep(min(BACK_OFF_SECONDS_MAX, 0.1 * 2**attempt) * random.uniform(0.5, 1))
                attempt = min(attempt + 1, 10)
                self._wait_for_server()
            finally:
                self._requests.put(None)
        pool.shutdown(wait=False, cancel_futures=True)

    def stop(self):
        """Takes nothing more. From any thread, but not from a signal's handler, which may have interrupted who holds the lock."""
        with self._lock:
            self._stopping = True
            self._requests.put(StreamReceiveRequest(stop=True))
        drain = threading.Timer(self._drain_seconds, self._give_up)
        drain.daemon = True
        drain.start()

    def _wait_for_server(self):
        # A channel of this package gets on with connecting only while somebody waits for it, or every few seconds.
        ready = grpc.channel_ready_future(self._channel)
        while not self._is_done():
            try:
                return ready.result(timeout=0.5)
            except grpc.FutureTimeoutError:
                continue
        ready.cancel()

    def _begin(self):
        self._stopped = False
        with self._lock:
            self._requests = queues.SimpleQueue()
            credit = 0 if self._stopping else self._prefetch - len(self._working)
            self._requests.put(StreamReceiveRequest(open=self._open, credit=credit, stop=self._stopping))
            for request in self._unanswered.values():
                self._requests.put(request)
            return self._service.StreamReceive(iter(self._requests.get, None), metadata=credentials())

    def _take(self, response, pool):
        with self._lock:
            self._working.update(message.receipt for message in response.messages)
        for message in response.messages:
            pool.submit(self._work, message)
        for message in response.damaged:
            self._settle(message.receipt, StreamReceiveRequest(reject=[RejectEntry(receipt=message.receipt, reason="It can't be read.")]))
        for result in response.settled:
            if result.HasField("error"):
                LOG.warning("not settled, and delivered again: %s: %s", result.error.code, result.error.detail)
            with self._lock:
                self._unanswered.pop(result.receipt, None)
        # Behind `stopped` nothing is delivered: when the rest is answered the stream can be closed.
        self._stopped = self._stopped or response.stopped
        if self._stopped and self._is_done():
            self._requests.put(None)

    def _work(self, message):
        receipt = message.receipt
        try:
            self._handle(message)
            request = StreamReceiveRequest(acknowledge=[receipt])
        except PermanentFailure as failure:
            request = StreamReceiveRequest(reject=[RejectEntry(receipt=receipt, reason=str(failure))])
        except Exception as failure:
            LOG.warning("message %s failed, delivery %d: %s", message.id, message.receive_count, failure)
            request = StreamReceiveRequest(release=[ReleaseEntry(receipt=receipt, delay_seconds=self._retry_seconds(message.receive_count))])
        self._settle(receipt, request)

    def _settle(self, receipt, request):
        with self._lock:
            self._working.discard(receipt)
            self._unanswered[receipt] = request
            self._requests.put(request)
            self._requests.put(StreamReceiveRequest(credit=1))

    def _is_done(self):
        with self._lock:
            return self._stopping and (self._given_up or not (self._working or self._unanswered))

    def _give_up(self):
        # The server gives back what was delivered and is not settled when the client closes its side.
        with self._lock:
            self._given_up = True
            self._requests.put(None)


def main(queue):
    # In one piece, since handlers run in parallel.
    consumer = Consumer(connect(), queue, lambda message: print(f"received {message.body.decode()}\n", end="", flush=True))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=consumer.stop).start())
    consumer.run()
    # A handler that has not ended does not keep the process.
    os._exit(0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: consumer.py <queue>")
    main(sys.argv[1])

"""What the scripts share: a channel, queues of their own, refusals with their details, a counting wire, and a runner.

A script is run as `MESSAGING_GRPC=127.0.0.1:8081 python3 calls.py`, beside the stubs that protoc has generated.
"""

import contextlib
import os
import queue
import socket
import sys
import threading
import unittest
import uuid

import grpc
from rpc import error_details_pb2, status_pb2

from connection import OPTIONS, credentials
from messaging.v1 import message_pb2, queue_pb2, queue_service_pb2, queue_service_pb2_grpc

ADDRESS = os.environ["MESSAGING_GRPC"]
PATIENCE = 60


def open_channel(address=ADDRESS, **options):
    merged = {**dict(OPTIONS), **{f"grpc.{name}": value for name, value in options.items()}}
    return grpc.insecure_channel(address, options=list(merged.items()))


CHANNEL = open_channel()
QUEUES = queue_service_pb2_grpc.QueueServiceStub(CHANNEL)


def unique(prefix="q"):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def create(**definition):
    name = unique()
    request = queue_service_pb2.PutQueueRequest(queue=name, definition=queue_pb2.QueueDefinition(**definition))
    assert QUEUES.PutQueue(request, metadata=credentials()).created
    return name


def send(name, *bodies):
    request = queue_service_pb2.SendMessagesRequest(queue=name, messages=[message_pb2.OutgoingMessage(body=body) for body in bodies])
    return [result.id for result in QUEUES.SendMessages(request, metadata=credentials()).results]


def receive(name, **wish):
    request = queue_service_pb2.ReceiveMessagesRequest(queue=name, **wish)
    return list(QUEUES.ReceiveMessages(request, metadata=credentials(), timeout=PATIENCE).messages)


def counts(name):
    found = QUEUES.GetQueue(queue_service_pb2.GetQueueRequest(queue=name), metadata=credentials()).queue.counts
    return found.ready, found.leased, found.delayed


class Requests:
    """A stream's requests, which are asked for as the test goes on; closing ends our side."""

    def __init__(self, *first):
        self._queue = queue.SimpleQueue()
        for request in first:
            self.ask(request)

    def ask(self, request):
        self._queue.put(request)

    def close(self):
        self._queue.put(None)

    def __iter__(self):
        return iter(self._queue.get, None)


class Case(unittest.TestCase):
    @contextlib.contextmanager
    def refused(self, code, reason=None, field=None):
        """What is refused with this status, and says so in its details; yields a list that the error is put into."""
        caught = []
        with self.assertRaises(grpc.RpcError) as context:
            yield caught
        error = context.exception
        caught.append(error)
        self.assertEqual(code, error.code(), error.details())
        if reason is not None:
            info, violations = details(error)
            self.assertEqual(("messaging", reason), (info.domain, info.reason))
            self.assertEqual([field] if field else [], violations)


def details(error):
    """The ErrorInfo of a refusal, and the fields that it is about."""
    raw = dict(error.trailing_metadata())["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(raw)
    assert (status.code, status.message) == (error.code().value[0], error.details())
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(bad)
    return info, [violation.field for violation in bad.field_violations]


class CountingWire:
    """Between a client and the server, on a port of its own: it counts the bytes that pass each way. Threads end with their connections."""

    def __init__(self):
        self._changed = threading.Condition()
        self.asked = self.answered = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def wait_for(self, asked, answered):
        """Until so many bytes more have passed each way."""
        with self._changed:
            enough = (self.asked + asked, self.answered + answered)
            return self._changed.wait_for(lambda: self.asked >= enough[0] and self.answered >= enough[1], PATIENCE)

    def _accept(self):
        host, port = ADDRESS.split(":")
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection((host, int(port)))
            threading.Thread(target=self._pass, args=(client, server, "asked"), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, "answered"), daemon=True).start()

    def _pass(self, source, target, counter):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
                with self._changed:
                    setattr(self, counter, getattr(self, counter) + len(data))
                    self._changed.notify_all()
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


def main():
    """Runs the cases of the script, and ends with their number in the words of node's runner."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    print(f"# tests {result.testsRun}")
    sys.stdout.flush()
    # Threads of streams that the client has left do not keep the process.
    os._exit(0 if result.wasSuccessful() else 1)

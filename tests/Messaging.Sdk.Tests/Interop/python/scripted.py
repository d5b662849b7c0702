"""A worker of the example's consumer whose messages say what becomes of them: {"name":"a","seconds":5,"fails":1,"permanent":true}.

It prints a line when a handler begins and ends, for the tests to wait for.
"""

import json
import os
import signal
import sys
import threading
import time

from connection import connect
from consumer import Consumer, PermanentFailure

NAMES = {"prefetch": "prefetch", "leaseSeconds": "lease_seconds", "drainSeconds": "drain_seconds"}


def say(line):
    """In one piece, since handlers run in parallel."""
    print(line + "\n", end="", flush=True)


def handle(message):
    told = json.loads(message.body)
    say(f"begin {told['name']} {message.receive_count}")
    time.sleep(told.get("seconds", 0))
    if told.get("permanent"):
        raise PermanentFailure("as it was told")
    if message.receive_count <= told.get("fails", 0):
        raise ValueError("as it was told")
    say(f"done {told['name']}")


queue, options = sys.argv[1:]
consumer = Consumer(connect(), queue, handle, retry_seconds=lambda _: 1, **{NAMES[name]: value for name, value in json.loads(options).items()})
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=consumer.stop).start())
consumer.run()
os._exit(0)

"""A worker of the example's consumer whose messages say what becomes of them: {"name":"a","seconds":5,"fails":1,"permanent":true}.

It prints a line when a handler begins and ends, for the tests to wait for.
"""

import asyncio
import json
import signal
import sys

from connection import connect
from consumer import Consumer, PermanentFailure

NAMES = {"prefetch": "prefetch", "leaseSeconds": "lease_seconds", "drainSeconds": "drain_seconds"}


async def handle(message):
    told = json.loads(message.body)
    print(f"begin {told['name']} {message.receive_count}", flush=True)
    await asyncio.sleep(told.get("seconds", 0))
    if told.get("permanent"):
        raise PermanentFailure("as it was told")
    if message.receive_count <= told.get("fails", 0):
        raise ValueError("as it was told")
    print(f"done {told['name']}", flush=True)


async def main(queue, options):
    async with connect() as channel:
        consumer = Consumer(channel, queue, handle, retry_seconds=lambda _: 1, **{NAMES[name]: value for name, value in json.loads(options).items()})
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, consumer.stop)
        await consumer.run()


asyncio.run(main(*sys.argv[1:]))

"""Where the server is, how it is reached, what every call says of its caller, and when one is tried again."""

import asyncio
import base64
import contextlib
import logging
import os
import random

import grpc

from refusal_pb2 import Refusal, RetryInfo

LOG = logging.getLogger(__name__)

OPTIONS = [
    # A message may be larger than the 4 MiB that a client takes unless it is told otherwise.
    ("grpc.max_receive_message_length", -1),
    # A server that has gone without a word is noticed by a ping that nobody answers.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # A server that restarts is back in seconds, where the channel by itself would pause for up to two minutes, in which every call fails.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1_000),
]


BACK_OFF_SECONDS_MAX = 10
# What trying again does not change. Everything else passes: no server, one that stops, one without room.
FINAL = {
    grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNIMPLEMENTED,
}


def connect():
    """A channel, which is for the whole program."""
    return grpc.aio.insecure_channel(os.environ.get("MESSAGING_GRPC", "127.0.0.1:8081"), options=OPTIONS)


def credentials():
    """The metadata of every call. An access key is asked for in closed mode only: its id and its secret, by HTTP Basic."""
    key = os.environ.get("MESSAGING_ACCESS_KEY")
    return [("authorization", "Basic " + base64.b64encode(key.encode()).decode())] if key else []


async def pause(error, failures, woken=None):
    """
    Waits until it is worth trying again after so many failures: as long as the server says, else ever longer; and never all clients at the same moment. An event ends the wait.
    Raises what does not pass.
    """
    if error.code() in FINAL:
        raise error
    told = _told_seconds(error)
    seconds = (min(BACK_OFF_SECONDS_MAX, 0.1 * 2**failures) / 2 if told is None else told) * random.uniform(1, 2)
    LOG.warning("again in %.2f s: %s: %s", seconds, error.code().name, error.details())
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for((woken or asyncio.Event()).wait(), seconds)


def _told_seconds(error):
    refusals = [Refusal.FromString(value) for name, value in error.trailing_metadata() or () if name == "grpc-status-details-bin"]
    for detail in [detail for refusal in refusals for detail in refusal.details]:
        if detail.type_url.endswith("/google.rpc.RetryInfo"):
            delay = RetryInfo.FromString(detail.value).retry_delay
            return delay.seconds + delay.nanos / 1e9
    return None

"""Where the server is, how it is reached, and what every call says of its caller."""

import base64
import os

import grpc

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


def connect():
    """A channel, which is for the whole program."""
    return grpc.insecure_channel(os.environ.get("MESSAGING_GRPC", "127.0.0.1:8081"), options=OPTIONS)


def credentials():
    """The metadata of every call. An access key is asked for in closed mode only: its id and its secret, by HTTP Basic."""
    key = os.environ.get("MESSAGING_ACCESS_KEY")
    return [("authorization", "Basic " + base64.b64encode(key.encode()).decode())] if key else []

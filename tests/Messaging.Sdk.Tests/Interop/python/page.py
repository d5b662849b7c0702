"""Runs a block of docs/sdks.md, the file of its word, with what its reader has around it: the channel of producer.py, and its queues."""

import ast
import asyncio
import sys

from connection import connect, credentials
from messaging.v1 import queue_service_pb2_grpc


async def main(path):
    with open(path, encoding="utf-8") as file:
        block = compile(file.read(), "sdks.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    async with connect() as channel:
        await eval(block, {"queues": queue_service_pb2_grpc.QueueServiceStub(channel), "credentials": credentials})


asyncio.run(main(sys.argv[1]))

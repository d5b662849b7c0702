"""What the scripts of boto3 share: the client, a test case with queues of its own, the documented MD5 of attributes, and a runner.

A script is run as `SQS_ENDPOINT=http://127.0.0.1:8080 python3 messages.py [words of a case's name]`. Its cases run at the same time, since most
of what they do is wait for seconds that the service counts.
"""

import concurrent.futures
import contextlib
import hashlib
import json
import os
import re
import struct
import sys
import threading
import time
import unittest
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ.get("SQS_ENDPOINT", "http://127.0.0.1:8080")
REGION = os.environ.get("AWS_REGION", "us-east-1")
CASES_AT_A_TIME = 24


def client(service="sqs", **overrides):
    """A client that never repeats a call: what is refused shall be seen, and the first answer counts."""
    config = Config(
        retries={"max_attempts": 0},
        # What the SDK would refuse by itself shall reach the server.
        parameter_validation=False,
        max_pool_connections=2 * CASES_AT_A_TIME,
        read_timeout=40,
        **overrides.pop("config", {}),
    )
    settings = {"endpoint_url": ENDPOINT, "region_name": REGION, "config": config}
    settings.update(overrides)
    return boto3.client(service, **settings)


SQS = client()
# Older versions of botocore speak the Query protocol, newer ones AWS JSON; some texts and all statuses of the wire differ.
QUERY = SQS.meta.service_model.metadata["protocol"] == "query"


def unique(prefix="q"):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def attributes_md5(attributes):
    """Amazon SQS Developer Guide, "Amazon SQS message metadata", section "Calculating the MD5 message digest for message attributes"."""
    digest = hashlib.md5()

    def add(data):
        digest.update(struct.pack(">I", len(data)) + data)

    for name in sorted(attributes):
        attribute = attributes[name]
        add(name.encode())
        add(attribute["DataType"].encode())
        if attribute["DataType"].split(".")[0] == "Binary":
            digest.update(b"\x02")
            add(attribute["BinaryValue"])
        else:
            digest.update(b"\x01")
            add(attribute["StringValue"].encode())
    return digest.hexdigest()


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Case(unittest.TestCase):
    """A case with queues of its own. The server is shared, so each name is used once."""

    longMessage = True
    maxDiff = None

    def queue(self, name=None, sqs=SQS, tags=None, **attributes):
        request = {"QueueName": name or unique(), "Attributes": {key: str(value) for key, value in attributes.items()}}
        if tags is not None:
            request["tags"] = tags
        return sqs.create_queue(**request)["QueueUrl"]

    def fifo(self, **attributes):
        return self.queue(unique() + ".fifo", FifoQueue="true", **attributes)

    def arn(self, url, sqs=SQS):
        return self.attributes(url, "QueueArn", sqs=sqs)["QueueArn"]

    def attributes(self, url, *names, sqs=SQS):
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"]).get("Attributes", {})

    def set(self, url, **attributes):
        return SQS.set_queue_attributes(QueueUrl=url, Attributes={key: str(value) for key, value in attributes.items()})

    def redrive(self, dead_url, receives):
        return json.dumps({"deadLetterTargetArn": self.arn(dead_url), "maxReceiveCount": receives})

    def send(self, url, body="body", **request):
        return SQS.send_message(QueueUrl=url, MessageBody=body, **request)

    def receive(self, url, most=10, wait=0, **request):
        """Messages of one call; a wait is for those that must come."""
        return SQS.receive_message(QueueUrl=url, MaxNumberOfMessages=most, WaitTimeSeconds=wait, **request).get("Messages", [])

    def one(self, url, wait=5, **request):
        messages = self.receive(url, most=1, wait=wait, **request)
        self.assertEqual(1, len(messages), f"no message in {url}")
        return messages[0]

    def drain(self, url, count, wait=5, **request):
        """All of so many messages, however many calls that takes; they stay in flight."""
        messages = []
        end = time.monotonic() + wait
        while len(messages) < count and time.monotonic() < end:
            messages += self.receive(url, wait=1, **request)
        self.assertEqual(count, len(messages))
        return messages

    def delete(self, url, message):
        return SQS.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def counts(self, url):
        """Ready, in flight and delayed."""
        values = self.attributes(url, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
        return tuple(int(values[name]) for name in (
            "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"))

    def eventually(self, check, seconds=5):
        """Repeats until nothing is asserted any more."""
        end = time.monotonic() + seconds
        while True:
            try:
                return check()
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    @contextlib.contextmanager
    def refused(self, code, text=None, status=400):
        """The block's call is refused with this code; the text is exact, or a pattern. Several codes or statuses: where the protocols, or our sources, differ."""
        with self.assertRaises(ClientError) as caught:
            yield caught
        answer = caught.exception.response
        told = f"{answer['Error'].get('Code')}: {answer['Error'].get('Message')} ({answer['ResponseMetadata'].get('HTTPStatusCode')})"
        self.assertIn(answer["Error"]["Code"], code if isinstance(code, tuple) else (code,), told)
        if isinstance(text, re.Pattern):
            self.assertRegex(answer["Error"]["Message"], text, told)
        elif text is not None:
            self.assertEqual(text, answer["Error"]["Message"], told)
        self.assertIn(answer["ResponseMetadata"]["HTTPStatusCode"], status if isinstance(status, tuple) else (status,), told)
        self.assertTrue(answer["ResponseMetadata"].get("RequestId") or answer["ResponseMetadata"]["HTTPHeaders"].get("x-amzn-requestid"), told)
        if QUERY:
            self.assertEqual("Sender" if answer["ResponseMetadata"]["HTTPStatusCode"] < 500 else "Receiver", answer["Error"].get("Type"), told)

    def missing_queue(self):
        """LocalStack's recorded answers of the service (test_non_existent_queue): the text differs by protocol."""
        return self.refused(
            "AWS.SimpleQueueService.NonExistentQueue",
            "The specified queue does not exist for this wsdl version." if QUERY else "The specified queue does not exist.")

    @contextlib.contextmanager
    def takes(self, at_least, at_most, since=None):
        """The block ends so many seconds after it began, or after the moment from which a wait of the service counts: a busy machine begins late."""
        started = since or time.monotonic()
        yield
        elapsed = time.monotonic() - started
        self.assertGreaterEqual(elapsed, at_least)
        self.assertLessEqual(elapsed, at_most)


@contextlib.contextmanager
def later(seconds, call, *arguments, **request):
    """Makes a call in the background, so many seconds after the block has begun; its fault is the case's."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        def run():
            time.sleep(seconds)
            return call(*arguments, **request)

        future = pool.submit(run)
        yield future
        future.result()


def main():
    """Runs the cases of the script, at the same time, and ends with their number in the words of node's runner."""
    words = sys.argv[1:]
    loaded = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    cases = [case for group in loaded for case in group if all(word in case.id() for word in words)]
    lock = threading.Lock()
    failed = []

    def run(case):
        result = unittest.TestResult()
        started = time.monotonic()
        case.run(result)
        elapsed = time.monotonic() - started
        faults = result.failures + result.errors
        with lock:
            state = "not ok" if faults else "skipped" if result.skipped else "ok"
            print(f"{state} {case.id().removeprefix('__main__.')} ({elapsed:.1f} s)", *(reason for _, reason in result.skipped))
            for part, trace in faults:
                failed.append(case)
                print(f"    {part.id()}\n" + "".join("    " + line + "\n" for line in trace.splitlines()))

    with concurrent.futures.ThreadPoolExecutor(CASES_AT_A_TIME) as pool:
        list(pool.map(run, cases))
    print(f"# tests {len(cases)}")
    print(f"# fail {len(failed)}")
    sys.exit(1 if failed else 0)

"""What is wrong with a call as a whole: missing parameters, addresses that lead nowhere, other people's URLs.

Rules: Amazon SQS API Reference, "Common Errors" and each action's errors.
"""

import concurrent.futures

from botocore.exceptions import ClientError
from sqs import ENDPOINT, SQS, Case, client, main, re, unique

# What each operation can't do without, beside the queue.
REQUIRED = {
    "send_message": ["MessageBody"],
    "send_message_batch": ["Entries"],
    "delete_message": ["ReceiptHandle"],
    "delete_message_batch": ["Entries"],
    "change_message_visibility": ["ReceiptHandle", "VisibilityTimeout"],
    "change_message_visibility_batch": ["Entries"],
    "set_queue_attributes": ["Attributes"],
    "tag_queue": ["Tags"],
    "untag_queue": ["TagKeys"],
    "add_permission": ["Label", "AWSAccountIds", "Actions"],
    "remove_permission": ["Label"],
}


class Calls(Case):
    def test_each_required_parameter_is_missed(self):
        url = self.queue()
        for operation in REQUIRED:
            with self.subTest(operation), self.refused(("MissingParameter", "AWS.SimpleQueueService.EmptyBatchRequest"), re.compile("must contain the parameter|at least one")):
                getattr(SQS, operation)(QueueUrl=url)

    def test_a_url_is_required(self):
        for operation in ("receive_message", "get_queue_attributes", "delete_queue", "purge_queue", "list_queue_tags", "list_dead_letter_source_queues"):
            with self.subTest(operation), self.refused(("MissingParameter", "AWS.SimpleQueueService.NonExistentQueue"), status=(400, 404)):
                getattr(SQS, operation)()

    def test_an_address_that_is_none_of_ours(self):
        # The error of the model where the URL has no account and no name.
        for path in ("/", "/onlyone", "/1/2/3/4"):
            with self.subTest(path), self.refused(
                    ("InvalidAddress", "AWS.SimpleQueueService.NonExistentQueue", "InvalidParameterValue", "MissingParameter"), status=(400, 404)):
                SQS.get_queue_attributes(QueueUrl=ENDPOINT + path, AttributeNames=["All"])

    def test_a_queue_of_another_account_is_missing_for_this_one(self):
        other = client(aws_access_key_id="123456789014", aws_secret_access_key="x")
        name = unique()
        url = other.create_queue(QueueName=name)["QueueUrl"]
        self.assertIn("/123456789014/", url)
        with self.missing_queue():
            SQS.get_queue_url(QueueName=name)

    def test_a_url_by_another_name_of_the_host_is_the_same_queue(self):
        # Only the path names the queue: clients come by other names of the host, through tunnels and proxies.
        url = self.queue()
        self.send(url)
        other = url.replace("127.0.0.1", "localhost")
        there = client(endpoint_url=ENDPOINT.replace("127.0.0.1", "localhost"))
        self.assertEqual(other, there.get_queue_url(QueueName=url.rsplit("/", 1)[1])["QueueUrl"])
        self.assertEqual(1, len(there.receive_message(QueueUrl=other).get("Messages", [])))

    def test_an_answer_has_a_request_id(self):
        first = SQS.list_queues(QueueNamePrefix=unique())["ResponseMetadata"]
        second = SQS.list_queues(QueueNamePrefix=unique())["ResponseMetadata"]
        self.assertEqual((200, 200), (first["HTTPStatusCode"], second["HTTPStatusCode"]))
        self.assertTrue(first["RequestId"])
        self.assertNotEqual(first["RequestId"], second["RequestId"])

    def test_the_classes_of_the_sdk_catch_our_errors(self):
        with self.assertRaises(SQS.exceptions.QueueDoesNotExist):
            SQS.get_queue_url(QueueName=unique())
        with self.assertRaises(SQS.exceptions.ReceiptHandleIsInvalid):
            SQS.delete_message(QueueUrl=self.queue(), ReceiptHandle="x")
        name = unique()
        self.queue(name)
        with self.assertRaises(SQS.exceptions.QueueNameExists):
            self.queue(name, DelaySeconds=3)
        with self.assertRaises(SQS.exceptions.InvalidMessageContents):
            self.send(self.queue(), "\x08")
        with self.assertRaises(SQS.exceptions.TooManyEntriesInBatchRequest):
            SQS.send_message_batch(QueueUrl=self.queue(), Entries=[{"Id": str(number), "MessageBody": "x"} for number in range(11)])

    def test_a_refused_send_leaves_nothing(self):
        url = self.queue()
        for request in ({"DelaySeconds": 901}, {"MessageAttributes": {"a": {"DataType": "Number", "StringValue": "x"}}}):
            with self.assertRaises(ClientError):
                self.send(url, **request)
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_each_message_once_under_many_callers(self):
        url = self.queue()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            sent = {answer["MessageId"] for answer in pool.map(lambda number: self.send(url, str(number)), range(80))}
            taken = [message for messages in pool.map(lambda _: self.receive(url), range(40)) for message in messages]
            taken += self.drain(url, 80 - len(taken)) if len(taken) < 80 else []
            list(pool.map(lambda message: self.delete(url, message), taken))
        self.assertEqual(sent, {message["MessageId"] for message in taken})
        self.assertEqual(80, len(taken))
        self.assertEqual((0, 0, 0), self.counts(url))


class Resources(Case):
    """boto3's other face: objects of a queue."""

    def test_a_queue_as_an_object(self):
        import boto3

        url = self.queue()
        queue = boto3.resource("sqs", endpoint_url=ENDPOINT).Queue(url)
        queue.send_message(MessageBody="x")
        (message,) = queue.receive_messages(WaitTimeSeconds=5)
        self.assertEqual("x", message.body)
        message.delete()
        self.assertEqual("0", queue.attributes["ApproximateNumberOfMessages"])


if __name__ == "__main__":
    main()

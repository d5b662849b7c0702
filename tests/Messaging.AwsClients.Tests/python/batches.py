"""Batches: sends, deletes and changes of visibility, with entries that fail by themselves.

Rules: Amazon SQS API Reference, "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch", "BatchResultErrorEntry".
Texts of refusals: LocalStack's recorded answers of the service (test_sqs.snapshot.json).
"""

from sqs import SQS, Case, attributes_md5, main, md5, re

MEBIBYTE = 1024 * 1024
INVALID_ID = ("AWS.SimpleQueueService.InvalidBatchEntryId",
              "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
BATCHES = {
    "send_message_batch": ("SendMessageBatchRequestEntry", lambda each: {"Id": each, "MessageBody": "x"}),
    "delete_message_batch": ("DeleteMessageBatchRequestEntry", lambda each: {"Id": each, "ReceiptHandle": "x"}),
    "change_message_visibility_batch": ("ChangeMessageVisibilityBatchRequestEntry", lambda each: {"Id": each, "ReceiptHandle": "x", "VisibilityTimeout": 1}),
}


class AllBatches(Case):
    def setUp(self):
        self.url = self.queue()

    def call(self, name, ids):
        entry = BATCHES[name][1]
        return getattr(SQS, name)(QueueUrl=self.url, Entries=[entry(each) for each in ids])

    def test_none_is_not_enough(self):
        # A client of the Query protocol sends nothing at all for an empty list, and the list is required.
        for name, (entry_name, _) in BATCHES.items():
            with self.subTest(name), self.refused(
                    ("AWS.SimpleQueueService.EmptyBatchRequest", "MissingParameter"),
                    re.compile(f"^There should be at least one {entry_name} in the request\\.$|must contain the parameter")):
                self.call(name, [])

    def test_eleven_are_too_many(self):
        for name in BATCHES:
            with self.subTest(name), self.refused(
                    "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent 11."):
                self.call(name, [f"i{number}" for number in range(11)])

    def test_ids_are_distinct(self):
        for name in BATCHES:
            with self.subTest(name), self.refused("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id same repeated."):
                self.call(name, ["same", "other", "same"])

    def test_ids_have_their_characters(self):
        for name in BATCHES:
            self.call(name, ["a-Z_09", "i" * 80])
            for each in ("i" * 81, "a b", "a.b", "é", "a/b"):
                with self.subTest(name, id=each), self.refused(*INVALID_ID):
                    self.call(name, [each])


class Sends(Case):
    def test_ten_at_once(self):
        url = self.queue()
        answer = SQS.send_message_batch(QueueUrl=url, Entries=[{"Id": f"i{number}", "MessageBody": f"body {number}"} for number in range(10)])
        self.assertNotIn("Failed", answer)
        self.assertEqual([f"i{number}" for number in range(10)], [each["Id"] for each in answer["Successful"]])
        self.assertEqual([md5(f"body {number}") for number in range(10)], [each["MD5OfMessageBody"] for each in answer["Successful"]])
        sent = {each["MessageId"]: each["MD5OfMessageBody"] for each in answer["Successful"]}
        self.assertEqual(sent, {message["MessageId"]: md5(message["Body"]) for message in self.drain(url, 10)})

    def test_each_has_its_own_delay_and_attributes(self):
        url = self.queue()
        attributes = {"n": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
        trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
        answer = SQS.send_message_batch(QueueUrl=url, Entries=[
            {"Id": "now", "MessageBody": "now", "MessageAttributes": attributes, "MessageSystemAttributes": trace},
            {"Id": "later", "MessageBody": "later", "DelaySeconds": 900},
        ])
        self.assertEqual(attributes_md5(attributes), answer["Successful"][0]["MD5OfMessageAttributes"])
        self.assertEqual(attributes_md5(trace), answer["Successful"][0]["MD5OfMessageSystemAttributes"])
        message = self.one(url, MessageAttributeNames=["All"], AttributeNames=["All"])
        self.assertEqual(("now", attributes), (message["Body"], message["MessageAttributes"]))
        self.assertEqual(trace["AWSTraceHeader"]["StringValue"], message["Attributes"]["AWSTraceHeader"])
        self.assertEqual((0, 1, 1), self.counts(url))

    def test_what_is_wrong_with_one_leaves_the_others(self):
        url = self.queue()
        answer = SQS.send_message_batch(QueueUrl=url, Entries=[
            {"Id": "good", "MessageBody": "good"},
            {"Id": "delay", "MessageBody": "x", "DelaySeconds": 901},
            {"Id": "letters", "MessageBody": "\x08"},
            {"Id": "number", "MessageBody": "x", "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "no"}}},
        ])
        self.assertEqual(["good"], [each["Id"] for each in answer["Successful"]])
        failed = {each["Id"]: each for each in answer["Failed"]}
        self.assertEqual({"delay": "InvalidParameterValue", "letters": "InvalidMessageContents", "number": "InvalidParameterValue"},
                         {each: failure["Code"] for each, failure in failed.items()})
        self.assertEqual([True] * 3, [failure["SenderFault"] for failure in failed.values()])
        self.assertEqual("Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.", failed["delay"]["Message"])
        self.assertEqual((1, 0, 0), self.counts(url))

    def test_one_that_is_too_long_leaves_the_others(self):
        # LocalStack's test_send_batch_message_size, with its own words ("cannot be validated").
        url = self.queue(MaximumMessageSize=1024)
        answer = SQS.send_message_batch(QueueUrl=url, Entries=[{"Id": "long", "MessageBody": "x" * 1025}, {"Id": "good", "MessageBody": "x" * 1024}])
        self.assertEqual(["good"], [each["Id"] for each in answer["Successful"]])
        self.assertEqual([{"Id": "long", "SenderFault": True, "Code": "InvalidParameterValue",
                           "Message": "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."}], answer["Failed"])

    def test_a_mebibyte_is_the_most_together(self):
        url = self.queue()
        entries = [{"Id": "a", "MessageBody": "x" * (MEBIBYTE // 2)}, {"Id": "b", "MessageBody": "y" * (MEBIBYTE // 2)}]
        self.assertEqual(2, len(SQS.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]))
        entries[1]["MessageBody"] += "y"
        with self.refused("AWS.SimpleQueueService.BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."):
            SQS.send_message_batch(QueueUrl=url, Entries=entries)
        self.assertEqual((2, 0, 0), self.counts(url))

    def test_attributes_count_in_the_mebibyte(self):
        # LocalStack's test_send_message_batch_with_oversized_contents.
        attributes = {"k": {"DataType": "String", "StringValue": "x" * MEBIBYTE}}
        with self.refused("AWS.SimpleQueueService.BatchRequestTooLong", re.compile("^Batch requests cannot be longer than 1048576 bytes. You have sent 1048584 bytes.$")):
            SQS.send_message_batch(QueueUrl=self.queue(), Entries=[{"Id": "a", "MessageBody": "b", "MessageAttributes": attributes}])

    def test_a_fifo_batch_tells_sequence_numbers(self):
        url = self.fifo(ContentBasedDeduplication="true")
        answer = SQS.send_message_batch(QueueUrl=url, Entries=[{"Id": each, "MessageBody": each, "MessageGroupId": "g"} for each in "abc"])
        numbers = [each["SequenceNumber"] for each in answer["Successful"]]
        self.assertEqual(sorted(numbers), numbers)

    def test_duplicates_within_a_batch_are_one_message(self):
        url = self.fifo()
        answer = SQS.send_message_batch(QueueUrl=url, Entries=[
            {"Id": each, "MessageBody": each, "MessageGroupId": "g", "MessageDeduplicationId": "d"} for each in "ab"])
        self.assertEqual(1, len({each["MessageId"] for each in answer["Successful"]}))
        self.assertEqual(2, len(answer["Successful"]))
        self.assertEqual((1, 0, 0), self.counts(url))

    def test_a_fifo_batch_without_ids_is_refused_as_a_whole(self):
        # LocalStack's test_send_batch_missing_deduplication_id_for_fifo_queue and test_send_batch_missing_message_group_id_for_fifo_queue:
        # the call as a whole is refused.
        with self.refused("InvalidParameterValue", "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"):
            SQS.send_message_batch(QueueUrl=self.fifo(), Entries=[{"Id": "a", "MessageBody": "x", "MessageGroupId": "g"}])
        with self.refused(("InvalidParameterValue", "MissingParameter"), "The request must contain the parameter MessageGroupId."):
            SQS.send_message_batch(QueueUrl=self.fifo(), Entries=[{"Id": "a", "MessageBody": "x", "MessageDeduplicationId": "d"}])

    def test_the_first_call_with_entries_that_all_fail_is_no_error(self):
        answer = SQS.send_message_batch(QueueUrl=self.queue(), Entries=[{"Id": "a", "MessageBody": "x", "DelaySeconds": -1}])
        self.assertNotIn("Successful", answer)
        self.assertEqual(["a"], [each["Id"] for each in answer["Failed"]])


class Deletes(Case):
    def test_ten_at_once(self):
        url = self.queue()
        for _ in range(10):
            self.send(url)
        entries = [{"Id": f"i{number}", "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(self.drain(url, 10))]
        answer = SQS.delete_message_batch(QueueUrl=url, Entries=entries)
        self.assertNotIn("Failed", answer)
        self.assertEqual([f"i{number}" for number in range(10)], [each["Id"] for each in answer["Successful"]])
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_what_is_wrong_with_one_leaves_the_others(self):
        url = self.queue()
        self.send(url)
        answer = SQS.delete_message_batch(QueueUrl=url, Entries=[
            {"Id": "bad", "ReceiptHandle": "garbage"}, {"Id": "good", "ReceiptHandle": self.one(url)["ReceiptHandle"]}])
        self.assertEqual(["good"], [each["Id"] for each in answer["Successful"]])
        self.assertEqual([("bad", True, "ReceiptHandleIsInvalid")], [(each["Id"], each["SenderFault"], each["Code"]) for each in answer["Failed"]])
        self.assertRegex(answer["Failed"][0]["Message"], "receipt handle")
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_the_same_message_twice_is_no_error(self):
        url = self.queue()
        self.send(url)
        handle = self.one(url)["ReceiptHandle"]
        answer = SQS.delete_message_batch(QueueUrl=url, Entries=[{"Id": each, "ReceiptHandle": handle} for each in "ab"])
        self.assertEqual(["a", "b"], [each["Id"] for each in answer["Successful"]])

    def test_an_entry_without_a_receipt_does_not_succeed(self):
        # Whether the call is refused or the entry fails is not documented.
        try:
            answer = SQS.delete_message_batch(QueueUrl=self.queue(), Entries=[{"Id": "a"}])
        except SQS.exceptions.ClientError as error:
            self.assertEqual("MissingParameter", error.response["Error"]["Code"])
        else:
            self.assertEqual([("a", "MissingParameter")], [(each["Id"], each["Code"]) for each in answer["Failed"]])


class Changes(Case):
    def test_each_has_its_own_timeout(self):
        url = self.queue()
        for body in "ab":
            self.send(url, body)
        messages = {message["Body"]: message for message in self.drain(url, 2)}
        answer = SQS.change_message_visibility_batch(QueueUrl=url, Entries=[
            {"Id": "a", "ReceiptHandle": messages["a"]["ReceiptHandle"], "VisibilityTimeout": 0},
            {"Id": "b", "ReceiptHandle": messages["b"]["ReceiptHandle"], "VisibilityTimeout": 900}])
        self.assertEqual(["a", "b"], [each["Id"] for each in answer["Successful"]])
        self.assertNotIn("Failed", answer)
        self.assertEqual("a", self.one(url)["Body"])
        self.assertEqual([], self.receive(url))

    def test_what_is_wrong_with_one_leaves_the_others(self):
        url = self.queue()
        for body in "ab":
            self.send(url, body)
        first, second = self.drain(url, 2)
        answer = SQS.change_message_visibility_batch(QueueUrl=url, Entries=[
            {"Id": "bad", "ReceiptHandle": "garbage", "VisibilityTimeout": 0},
            {"Id": "range", "ReceiptHandle": first["ReceiptHandle"], "VisibilityTimeout": 43201},
            {"Id": "good", "ReceiptHandle": second["ReceiptHandle"], "VisibilityTimeout": 0}])
        self.assertEqual(["good"], [each["Id"] for each in answer["Successful"]])
        self.assertEqual({"bad": "ReceiptHandleIsInvalid", "range": "InvalidParameterValue"}, {each["Id"]: each["Code"] for each in answer["Failed"]})
        self.assertEqual((1, 1, 0), self.counts(url))

    def test_a_deleted_message_fails_by_itself(self):
        url = self.queue()
        self.send(url)
        message = self.one(url)
        self.delete(url, message)
        answer = SQS.change_message_visibility_batch(QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 5}])
        self.assertEqual([("a", True, "InvalidParameterValue")], [(each["Id"], each["SenderFault"], each["Code"]) for each in answer["Failed"]])


if __name__ == "__main__":
    main()

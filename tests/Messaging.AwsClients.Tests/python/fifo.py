"""FIFO queues: order, groups, deduplication, attempts.

Rules: Amazon SQS Developer Guide, "FIFO queue delivery logic", "Exactly-once processing", "High throughput for FIFO queues"; API Reference,
"SendMessage" (MessageGroupId, MessageDeduplicationId), "ReceiveMessage" (ReceiveRequestAttemptId).
Texts of refusals: LocalStack's recorded answers of the service (test_sqs.snapshot.json).
"""

import hashlib
import time

from sqs import SQS, Case, main, md5, re, unique


class Order(Case):
    def test_a_group_comes_in_the_order_of_its_sends(self):
        url = self.fifo(ContentBasedDeduplication="true")
        bodies = [str(number) for number in range(15)]
        for body in bodies:
            self.send(url, body, MessageGroupId="g")
        got = []
        while len(got) < len(bodies):
            for message in self.receive(url, wait=2):
                got.append(message["Body"])
                self.delete(url, message)
        self.assertEqual(bodies, got)

    def test_one_receive_takes_several_of_a_group_in_order(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body in "abcd":
            self.send(url, body, MessageGroupId="g")
        self.assertEqual(list("abcd"), [message["Body"] for message in self.receive(url)])

    def test_a_group_waits_for_its_message_in_flight(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body in "ab":
            self.send(url, body, MessageGroupId="g")
        first = self.one(url)
        self.assertEqual([], self.receive(url))
        self.delete(url, first)
        self.assertEqual("b", self.one(url)["Body"])

    def test_no_group_waits_for_another(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body, group in (("a1", "a"), ("a2", "a"), ("b1", "b")):
            self.send(url, body, MessageGroupId=group)
        self.assertEqual("a1", self.one(url)["Body"])
        self.assertEqual("b1", self.one(url)["Body"])
        self.assertEqual([], self.receive(url))

    def test_a_message_that_comes_back_keeps_its_place(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body in "abc":
            self.send(url, body, MessageGroupId="g")
        first = self.one(url)
        SQS.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
        self.assertEqual(list("abc"), [message["Body"] for message in self.receive(url)])

    def test_a_group_whose_timeout_has_ended_begins_again(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body in "ab":
            self.send(url, body, MessageGroupId="g")
        self.one(url, VisibilityTimeout=1)
        self.assertEqual("a", self.one(url, wait=5)["Body"])

    def test_an_emptied_group_takes_messages_again(self):
        # LocalStack's test_fifo_empty_message_groups_added_back_to_queue.
        url = self.fifo(ContentBasedDeduplication="true")
        self.send(url, "Message 1", MessageGroupId="g")
        self.delete(url, self.one(url))
        self.assertEqual([], self.receive(url))
        self.send(url, "Message 2", MessageGroupId="g")
        self.assertEqual("Message 2", self.one(url)["Body"])

    def test_a_batch_keeps_its_order(self):
        url = self.fifo(ContentBasedDeduplication="true")
        SQS.send_message_batch(QueueUrl=url, Entries=[{"Id": f"i{number}", "MessageBody": str(number), "MessageGroupId": "g"} for number in range(10)])
        self.assertEqual([str(number) for number in range(10)], [message["Body"] for message in self.receive(url)])

    def test_sequence_numbers_rise(self):
        # "SendMessage", SequenceNumber: 20 digits; it goes on rising for a group.
        url = self.fifo(ContentBasedDeduplication="true")
        numbers = [self.send(url, body, MessageGroupId=group)["SequenceNumber"] for body, group in (("1", "a"), ("2", "b"), ("3", "a"))]
        for number in numbers:
            self.assertRegex(number, r"^\d{20}$")
        self.assertEqual(sorted(numbers), numbers)
        self.assertEqual(3, len(set(numbers)))

    def test_a_message_tells_group_deduplication_and_sequence(self):
        url = self.fifo()
        sent = self.send(url, MessageGroupId="group-1", MessageDeduplicationId="dedup-1")
        attributes = self.one(url, AttributeNames=["All"])["Attributes"]
        self.assertEqual({"SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp",
                          "MessageGroupId", "MessageDeduplicationId", "SequenceNumber"}, set(attributes))
        self.assertEqual(("group-1", "dedup-1", sent["SequenceNumber"]), tuple(attributes[name] for name in (
            "MessageGroupId", "MessageDeduplicationId", "SequenceNumber")))


class Delays(Case):
    def test_the_delay_of_the_queue_holds(self):
        url = self.fifo(ContentBasedDeduplication="true", DelaySeconds=3)
        self.send(url, MessageGroupId="g")
        self.assertEqual([], self.receive(url))
        self.one(url, wait=5)

    def test_a_message_has_no_delay_of_its_own(self):
        url = self.fifo(ContentBasedDeduplication="true")
        with self.refused("InvalidParameterValue", "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type."):
            self.send(url, MessageGroupId="g", DelaySeconds=2)

    def test_a_delay_of_none_is_that_of_the_queue(self):
        # LocalStack's test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay.
        url = self.fifo(ContentBasedDeduplication="true", DelaySeconds=3)
        self.send(url, MessageGroupId="g", DelaySeconds=0)
        self.assertEqual([], self.receive(url))
        self.one(url, wait=5)


class Deduplication(Case):
    def test_a_duplicate_is_answered_with_the_first_ones_id(self):
        url = self.fifo()
        first = self.send(url, "first", MessageGroupId="g", MessageDeduplicationId="d")
        second = self.send(url, "second", MessageGroupId="g", MessageDeduplicationId="d")
        self.assertEqual((first["MessageId"], first["SequenceNumber"]), (second["MessageId"], second["SequenceNumber"]))
        # The MD5 is of what was sent with this call: SDKs check it.
        self.assertEqual(md5("second"), second["MD5OfMessageBody"])
        self.assertEqual(["first"], [message["Body"] for message in self.receive(url)])

    def test_a_duplicate_is_one_after_the_first_was_deleted(self):
        # LocalStack's test_fifo_deduplication_arrives_once_after_delete.
        url = self.fifo()
        self.send(url, MessageGroupId="g", MessageDeduplicationId="d")
        self.delete(url, self.one(url))
        self.send(url, MessageGroupId="g", MessageDeduplicationId="d")
        self.assertEqual([], self.receive(url))

    def test_a_duplicate_in_another_group_is_one(self):
        url = self.fifo()
        self.send(url, MessageGroupId="a", MessageDeduplicationId="d")
        self.send(url, MessageGroupId="b", MessageDeduplicationId="d")
        self.assertEqual((1, 0, 0), self.counts(url))

    def test_each_group_may_have_its_own(self):
        url = self.fifo(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
        for group in "ab":
            self.send(url, MessageGroupId=group, MessageDeduplicationId="d")
        self.send(url, MessageGroupId="a", MessageDeduplicationId="d")
        self.assertEqual((2, 0, 0), self.counts(url))

    def test_content_is_the_id_where_the_queue_says_so(self):
        url = self.fifo(ContentBasedDeduplication="true")
        self.send(url, "same", MessageGroupId="g")
        self.send(url, "same", MessageGroupId="g")
        self.send(url, "other", MessageGroupId="g")
        messages = self.receive(url, AttributeNames=["All"])
        self.assertEqual(["same", "other"], [message["Body"] for message in messages])
        # "SendMessage", MessageDeduplicationId: the SHA-256 of the body, and not of the attributes.
        self.assertEqual(hashlib.sha256(b"same").hexdigest(), messages[0]["Attributes"]["MessageDeduplicationId"])

    def test_attributes_are_no_content(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for value in "ab":
            self.send(url, "same", MessageGroupId="g", MessageAttributes={"n": {"DataType": "String", "StringValue": value}})
        self.assertEqual((1, 0, 0), self.counts(url))

    def test_an_id_beats_the_content(self):
        url = self.fifo(ContentBasedDeduplication="true")
        self.send(url, "same", MessageGroupId="g", MessageDeduplicationId="a")
        self.send(url, "same", MessageGroupId="g", MessageDeduplicationId="b")
        self.assertEqual((2, 0, 0), self.counts(url))

    def test_a_purge_does_not_forget(self):
        url = self.fifo()
        self.send(url, MessageGroupId="g", MessageDeduplicationId="d")
        SQS.purge_queue(QueueUrl=url)
        self.send(url, MessageGroupId="g", MessageDeduplicationId="d")
        self.assertEqual((0, 0, 0), self.counts(url))


class Refusals(Case):
    def test_a_group_is_required(self):
        with self.refused("MissingParameter", "The request must contain the parameter MessageGroupId."):
            self.send(self.fifo(ContentBasedDeduplication="true"))

    def test_an_id_is_required_where_the_content_is_none(self):
        with self.refused("InvalidParameterValue", "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"):
            self.send(self.fifo(), MessageGroupId="g")

    def test_groups_and_ids_have_their_characters(self):
        # "SendMessage": up to 128 alphanumeric and punctuation characters.
        url = self.fifo()
        punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
        self.send(url, MessageGroupId=punctuation + "g" * (128 - len(punctuation)), MessageDeduplicationId=punctuation + "d" * (128 - len(punctuation)))
        for value in ("", "a" * 129, "group 123", "é", "a\tb"):
            for name in ("MessageGroupId", "MessageDeduplicationId"):
                with self.subTest(name, value=value), self.refused(
                        "InvalidParameterValue" if value else ("InvalidParameterValue", "MissingParameter"),
                        re.compile(f"^Value {re.escape(value)} for parameter {name} is invalid. Reason: {name} can only include alphanumeric and "
                                   "punctuation characters. 1 to 128 in length.$") if value else None):
                    self.send(url, **({"MessageGroupId": "g", "MessageDeduplicationId": unique()} | {name: value}))

    def test_an_id_is_for_fifo_queues(self):
        with self.refused("InvalidParameterValue", re.compile("^Value d for parameter MessageDeduplicationId is invalid. Reason: The request includes? (a )?parameter that is not valid for this queue type")):
            self.send(self.queue(), MessageDeduplicationId="d")

    def test_a_standard_queue_takes_a_group(self):
        # Fair queues, July 2025. LocalStack's test_fair_queue_with_message_group_id.
        url = self.queue()
        self.assertNotIn("SequenceNumber", self.send(url, MessageGroupId="tenant"))
        self.assertEqual("tenant", self.one(url, AttributeNames=["All"])["Attributes"]["MessageGroupId"])


class Attempts(Case):
    def test_a_repeated_attempt_gets_the_same_messages(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body in "abc":
            self.send(url, body, MessageGroupId=body)
        first = self.receive(url, most=2, ReceiveRequestAttemptId="attempt")
        second = self.receive(url, most=2, ReceiveRequestAttemptId="attempt")
        self.assertEqual(["a", "b"], [message["Body"] for message in first])
        self.assertEqual([message["MessageId"] for message in first], [message["MessageId"] for message in second])
        for message in second:
            self.delete(url, message)
        self.assertEqual((1, 0, 0), self.counts(url))

    def test_another_attempt_gets_others(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body in "ab":
            self.send(url, body, MessageGroupId=body)
        self.assertEqual(["a", "b"], [self.one(url, ReceiveRequestAttemptId=attempt)["Body"] for attempt in ("one", "two")])

    def test_an_attempt_id_has_its_characters(self):
        url = self.fifo()
        for value in ("a" * 129, "a b"):
            with self.subTest(value), self.refused("InvalidParameterValue", re.compile("for parameter ReceiveRequestAttemptId is invalid")):
                self.receive(url, ReceiveRequestAttemptId=value)


class Throughput(Case):
    def test_a_change_of_the_scope_holds_for_what_comes(self):
        # LocalStack's test_fifo_change_to_regular_throughput_after_creation.
        url = self.fifo(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
        for group in "ab":
            self.send(url, MessageGroupId=group, MessageDeduplicationId="d")
        self.set(url, DeduplicationScope="queue", FifoThroughputLimit="perQueue")
        self.send(url, MessageGroupId="a", MessageDeduplicationId="e")
        self.send(url, MessageGroupId="b", MessageDeduplicationId="e")
        self.assertEqual((3, 0, 0), self.counts(url))

    def test_many_groups_at_once(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for start in range(0, 30, 10):
            SQS.send_message_batch(QueueUrl=url, Entries=[
                {"Id": str(number), "MessageBody": f"{number}", "MessageGroupId": f"g{number % 3}"} for number in range(start, start + 10)])
        seen = {}
        started = time.monotonic()
        while sum(map(len, seen.values())) < 30 and time.monotonic() - started < 10:
            for message in self.receive(url, wait=1, AttributeNames=["MessageGroupId"]):
                seen.setdefault(message["Attributes"]["MessageGroupId"], []).append(int(message["Body"]))
                self.delete(url, message)
        self.assertEqual({f"g{group}": list(range(group, 30, 3)) for group in range(3)}, seen)


if __name__ == "__main__":
    main()

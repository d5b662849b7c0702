"""Visibility timeouts: of the queue, of a receive, changed, ended.

Rules: Amazon SQS Developer Guide, "Amazon SQS visibility timeout"; API Reference, "ChangeMessageVisibility".
Texts of refusals: LocalStack's recorded answers of the service (test_sqs.py, cases about visibility).
"""

import time

from sqs import SQS, Case, main, re


class Visibility(Case):
    def change(self, url, message, seconds):
        self.since = time.monotonic()
        return SQS.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds)

    def received(self, url=None, **request):
        url = url or self.queue()
        self.send(url)
        self.since = time.monotonic()
        return url, self.one(url, **request)

    def assert_back(self, url, seconds):
        """It comes back so long after the last receive or change, and not as late as by the queue's own timeout."""
        with self.takes(seconds - 0.05, seconds + 8, since=self.since):
            return self.one(url, wait=20, AttributeNames=["All"])

    def test_a_message_in_flight_is_nobody_elses(self):
        url, _ = self.received()
        self.assertEqual([], self.receive(url))
        self.assertEqual((0, 1, 0), self.counts(url))

    def test_it_comes_back_after_the_queues_timeout(self):
        url, _ = self.received(self.queue(VisibilityTimeout=1))
        self.assertEqual("2", self.assert_back(url, 1)["Attributes"]["ApproximateReceiveCount"])

    def test_it_comes_back_after_the_receives_timeout(self):
        url, _ = self.received(VisibilityTimeout=1)
        self.assert_back(url, 1)

    def test_a_timeout_of_none_leaves_it_visible(self):
        url, _ = self.received(VisibilityTimeout=0)
        self.assertEqual((1, 0, 0), self.counts(url))
        self.assert_back(url, 0)

    def test_the_longest_timeout_is_taken(self):
        url, _ = self.received(VisibilityTimeout=43200)
        self.assertEqual((0, 1, 0), self.counts(url))

    def test_a_change_of_the_queue_holds_for_the_next_receive(self):
        url = self.queue(VisibilityTimeout=900)
        self.set(url, VisibilityTimeout=1)
        self.received(url)
        self.assert_back(url, 1)

    def test_a_change_counts_from_now(self):
        url, message = self.received(VisibilityTimeout=3)
        time.sleep(1)
        self.change(url, message, 3)
        self.assert_back(url, 3)

    def test_a_change_to_less_brings_it_back_sooner(self):
        url, message = self.received()
        self.change(url, message, 1)
        self.assert_back(url, 1)

    def test_a_change_to_none_brings_it_back_now(self):
        url, message = self.received()
        self.change(url, message, 0)
        self.assert_back(url, 0)

    def test_a_message_is_kept_by_one_change_after_the_other(self):
        url, message = self.received(VisibilityTimeout=3)
        for _ in range(3):
            time.sleep(1.2)
            self.change(url, message, 3)
            self.assertEqual([], self.receive(url))
        self.assert_back(url, 3)

    def test_a_changed_message_can_be_deleted(self):
        url, message = self.received()
        self.change(url, message, 60)
        self.delete(url, message)
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_a_change_after_the_timeout_is_no_error(self):
        # LocalStack's test_change_message_visibility_after_visibility_timeout_expiration.
        url, message = self.received(VisibilityTimeout=1)
        time.sleep(1.5)
        self.change(url, message, 2)

    def test_a_change_after_a_delete_is_refused(self):
        url, message = self.received()
        self.delete(url, message)
        with self.refused("InvalidParameterValue", f"Value {message['ReceiptHandle']} for parameter ReceiptHandle is invalid. "
                          "Reason: Message does not exist or is not available for visibility timeout change."):
            self.change(url, message, 42)

    def test_a_total_of_twelve_hours_is_the_most(self):
        # "ChangeMessageVisibility": 12 hours from the time of the receive, which a change does not begin again.
        url, message = self.received()
        time.sleep(1.1)
        with self.refused("InvalidParameterValue", "Value 43200 for parameter VisibilityTimeout is invalid. "
                          "Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"):
            self.change(url, message, 43200)
        self.change(url, message, 43190)

    def test_a_timeout_has_its_range(self):
        url, message = self.received()
        for seconds in (-1, 43201):
            with self.subTest(seconds), self.refused("InvalidParameterValue", re.compile(f"^Value {seconds} for parameter VisibilityTimeout is invalid. Reason: .*0.*43200")):
                self.change(url, message, seconds)

    def test_a_timeout_is_required(self):
        url, message = self.received()
        with self.refused("MissingParameter", "The request must contain the parameter VisibilityTimeout."):
            SQS.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def test_a_receipt_is_required(self):
        with self.refused("MissingParameter", "The request must contain the parameter ReceiptHandle."):
            SQS.change_message_visibility(QueueUrl=self.queue(), VisibilityTimeout=1)

    def test_what_is_no_receipt_is_refused(self):
        with self.refused("ReceiptHandleIsInvalid", 'The input receipt handle "INVALID" is not a valid receipt handle.', status=(400, 404)):
            SQS.change_message_visibility(QueueUrl=self.queue(), ReceiptHandle="INVALID", VisibilityTimeout=60)

    def test_a_receipt_with_one_wrong_character_is_refused(self):
        url, message = self.received()
        handle = message["ReceiptHandle"]
        middle = len(handle) // 2
        forged = handle[:middle] + ("A" if handle[middle] != "A" else "B") + handle[middle + 1:]
        with self.refused("ReceiptHandleIsInvalid", status=(400, 404)):
            SQS.change_message_visibility(QueueUrl=url, ReceiptHandle=forged, VisibilityTimeout=60)
        self.assertEqual((0, 1, 0), self.counts(url))

    def test_an_older_receipt_does_not_take_it_from_its_receiver(self):
        url, first = self.received(VisibilityTimeout=0)
        second = self.one(url, VisibilityTimeout=60)
        try:
            self.change(url, first, 0)
        except SQS.exceptions.ClientError:
            pass
        self.assertEqual([], self.receive(url))
        self.delete(url, second)
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_a_fifo_queue_refuses_a_change_after_the_timeout(self):
        url = self.fifo(ContentBasedDeduplication="true")
        self.send(url, MessageGroupId="g")
        message = self.one(url, VisibilityTimeout=1)
        time.sleep(1.5)
        with self.refused(("InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight")):
            self.change(url, message, 5)

    def test_a_fifo_queue_refuses_a_delete_after_the_timeout(self):
        # LocalStack's test_fifo_delete_after_visibility_timeout.
        url = self.fifo(ContentBasedDeduplication="true")
        self.send(url, MessageGroupId="g")
        message = self.one(url, VisibilityTimeout=1)
        time.sleep(1.5)
        with self.refused("InvalidParameterValue", f"Value {message['ReceiptHandle']} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."):
            self.delete(url, message)
        self.assertEqual((1, 0, 0), self.counts(url))

    def test_a_fifo_queue_takes_a_delete_after_a_longer_timeout(self):
        # LocalStack's test_fifo_delete_after_visibility_timeout_extended.
        url = self.fifo(ContentBasedDeduplication="true")
        self.send(url, MessageGroupId="g")
        message = self.one(url, VisibilityTimeout=3)
        self.change(url, message, 30)
        time.sleep(3.5)
        self.delete(url, message)
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_a_longer_timeout_keeps_the_group_of_a_fifo_queue(self):
        # LocalStack's test_fifo_group_visibility_extends_with_change_message_visibility.
        url = self.fifo(ContentBasedDeduplication="true", VisibilityTimeout=3)
        for body in ("foo", "bar", "baz"):
            self.send(url, body, MessageGroupId="g")
        messages = self.drain(url, 3)
        self.assertEqual(["foo", "bar", "baz"], [message["Body"] for message in messages])
        self.change(url, messages[0], 30)
        time.sleep(3.5)
        self.assertEqual([], self.receive(url))


if __name__ == "__main__":
    main()

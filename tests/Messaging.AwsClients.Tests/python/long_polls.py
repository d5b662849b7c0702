"""Long polls: woken by a send, by the end of a delay and of a visibility timeout, by a change to none.

Rules: Amazon SQS Developer Guide, "Amazon SQS short and long polling"; API Reference, "ReceiveMessage" (WaitTimeSeconds). What wakes a poll of 20
seconds does so within 10, however busy the machine is.
"""

import time

from sqs import SQS, Case, later, main


class LongPolls(Case):
    def test_a_wait_without_messages_takes_its_time(self):
        url = self.queue()
        with self.takes(1.9, 10):
            self.assertNotIn("Messages", SQS.receive_message(QueueUrl=url, WaitTimeSeconds=2))

    def test_a_wait_of_none_beats_that_of_the_queue(self):
        url = self.queue(ReceiveMessageWaitTimeSeconds=20)
        with self.takes(0, 10):
            self.assertEqual([], self.receive(url, wait=0))

    def test_the_queue_says_how_long_where_the_call_does_not(self):
        url = self.queue(ReceiveMessageWaitTimeSeconds=2)
        with self.takes(1.9, 10):
            self.assertNotIn("Messages", SQS.receive_message(QueueUrl=url))

    def test_a_change_of_the_queue_holds_for_the_next_call(self):
        url = self.queue()
        self.set(url, ReceiveMessageWaitTimeSeconds=1)
        with self.takes(0.9, 10):
            SQS.receive_message(QueueUrl=url)

    def test_a_message_that_is_there_ends_it_at_once(self):
        url = self.queue()
        self.send(url)
        with self.takes(0, 10):
            self.assertEqual(1, len(self.receive(url, wait=20)))

    def test_a_send_wakes_it(self):
        url = self.queue()
        with later(0.7, self.send, url, "woken"), self.takes(0.5, 10):
            self.assertEqual("woken", self.one(url, wait=20)["Body"])

    def test_a_batch_wakes_it(self):
        url = self.queue()
        entries = [{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2"}]
        with later(0.7, SQS.send_message_batch, QueueUrl=url, Entries=entries), self.takes(0.5, 10):
            self.assertTrue(self.receive(url, wait=20))

    def test_the_end_of_a_delay_wakes_it(self):
        url = self.queue()
        since = time.monotonic()
        self.send(url, DelaySeconds=2)
        with self.takes(1.95, 10, since):
            self.one(url, wait=20)

    def test_the_end_of_the_queues_delay_wakes_it(self):
        url = self.queue(DelaySeconds=1)
        since = time.monotonic()
        self.send(url)
        with self.takes(0.95, 10, since):
            self.one(url, wait=20)

    def test_the_end_of_a_visibility_timeout_wakes_it(self):
        url = self.queue()
        self.send(url)
        since = time.monotonic()
        self.one(url, VisibilityTimeout=2)
        with self.takes(1.95, 10, since):
            self.assertEqual("2", self.one(url, wait=20, AttributeNames=["All"])["Attributes"]["ApproximateReceiveCount"])

    def test_a_message_that_is_given_back_wakes_it(self):
        url = self.queue()
        self.send(url)
        message = self.one(url)
        change = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
        with later(0.7, SQS.change_message_visibility, **change), self.takes(0.5, 10):
            self.one(url, wait=20)

    def test_a_group_that_is_free_again_wakes_it(self):
        url = self.fifo(ContentBasedDeduplication="true")
        for body in ("first", "second"):
            self.send(url, body, MessageGroupId="g")
        first = self.one(url)
        with later(0.7, self.delete, url, first), self.takes(0.5, 10):
            self.assertEqual("second", self.one(url, wait=20)["Body"])

    def test_one_message_ends_one_of_two(self):
        url = self.queue()
        with later(0, self.receive, url, wait=3) as first, later(0, self.receive, url, wait=3) as second:
            time.sleep(0.7)
            self.send(url)
            self.assertEqual(1, len(first.result() + second.result()))

    def test_a_purge_does_not_end_it(self):
        url = self.queue()
        with later(0.5, SQS.purge_queue, QueueUrl=url), self.takes(1.9, 10):
            self.assertEqual([], self.receive(url, wait=2))

    def test_many_at_the_same_time(self):
        urls = [self.queue() for _ in range(4)]
        with later(0, self.receive, urls[0], wait=5) as a, later(0, self.receive, urls[1], wait=5) as b, \
                later(0, self.receive, urls[2], wait=5) as c, later(0, self.receive, urls[3], wait=5) as d:
            for url in urls:
                self.send(url, url)
            self.assertEqual(urls, [message.result()[0]["Body"] for message in (a, b, c, d)])


if __name__ == "__main__":
    main()

"""Dead-letter queues: what goes there and how, who may use one, and the lists of sources.

Rules: Amazon SQS Developer Guide, "Using dead-letter queues in Amazon SQS"; API Reference, "SetQueueAttributes" (RedrivePolicy, RedriveAllowPolicy),
"ListDeadLetterSourceQueues".
"""

import json
import time

from sqs import QUERY, SQS, Case, attributes_md5, main, re, unique


class Moves(Case):
    def pair(self, receives=1, fifo=False, **attributes):
        make = self.fifo if fifo else self.queue
        dead = make()
        return make(RedrivePolicy=self.redrive(dead, receives), VisibilityTimeout=0, **attributes), dead

    def test_a_message_is_moved_when_it_has_had_its_receives(self):
        url, dead = self.pair(2)
        sent = self.send(url, "sick")
        self.assertEqual(["1", "2"], [self.one(url, AttributeNames=["All"])["Attributes"]["ApproximateReceiveCount"] for _ in range(2)])
        self.assertEqual([], self.receive(url, wait=1))
        message = self.one(dead)
        self.assertEqual((sent["MessageId"], "sick"), (message["MessageId"], message["Body"]))
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_what_a_message_keeps(self):
        # LocalStack's test_dead_letter_queue_message_attributes: id, attributes, trace header and time of the send stay, the count goes on.
        url, dead = self.pair()
        attributes = {"MyAttribute": {"DataType": "String", "StringValue": "foobar"}, "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\x01"}}
        trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"}}
        sent = self.send(url, "message-1", MessageAttributes=attributes, MessageSystemAttributes=trace)
        first = self.one(url, AttributeNames=["All"])
        self.receive(url)
        moved = self.one(dead, AttributeNames=["All"], MessageAttributeNames=["All"])
        self.assertEqual((sent["MessageId"], attributes), (moved["MessageId"], moved["MessageAttributes"]))
        self.assertEqual(attributes_md5(attributes), moved["MD5OfMessageAttributes"])
        self.assertEqual(trace["AWSTraceHeader"]["StringValue"], moved["Attributes"]["AWSTraceHeader"])
        self.assertEqual(first["Attributes"]["SentTimestamp"], moved["Attributes"]["SentTimestamp"])
        self.assertEqual(self.arn(url), moved["Attributes"]["DeadLetterQueueSourceArn"])
        self.assertEqual("2", moved["Attributes"]["ApproximateReceiveCount"])

    def test_a_message_that_was_sent_there_has_no_source(self):
        _, dead = self.pair()
        self.send(dead)
        self.assertNotIn("DeadLetterQueueSourceArn", self.one(dead, AttributeNames=["All"])["Attributes"])

    def test_a_timeout_that_ends_moves_it_too(self):
        url, dead = self.pair()
        self.send(url)
        self.one(url, VisibilityTimeout=1)
        time.sleep(1.2)
        self.assertEqual([], self.receive(url))
        self.one(dead)

    def test_a_message_that_is_deleted_in_time_stays_away(self):
        url, dead = self.pair()
        self.send(url)
        self.delete(url, self.one(url, VisibilityTimeout=30))
        self.assertEqual(((0, 0, 0), (0, 0, 0)), (self.counts(url), self.counts(dead)))

    def test_others_come_before_and_after(self):
        url, dead = self.pair()
        for body in "abc":
            self.send(url, body)
        self.drain(url, 3)
        self.assertEqual([], self.receive(url))
        self.assertEqual(set("abc"), {message["Body"] for message in self.drain(dead, 3)})

    def test_a_fifo_queue_has_a_fifo_one(self):
        url, dead = self.pair(fifo=True, ContentBasedDeduplication="true")
        for body in "ab":
            self.send(url, body, MessageGroupId="g")
        self.assertEqual(["a", "b"], [message["Body"] for message in self.receive(url)])
        self.assertEqual([], self.receive(url))
        moved = self.drain(dead, 2, AttributeNames=["All"])
        self.assertEqual(["a", "b"], [message["Body"] for message in moved])
        self.assertEqual(["g", "g"], [message["Attributes"]["MessageGroupId"] for message in moved])

    def test_a_dead_message_does_not_block_its_group(self):
        url, dead = self.pair(fifo=True, ContentBasedDeduplication="true")
        for body in "ab":
            self.send(url, body, MessageGroupId="g")
        self.assertEqual("a", self.one(url)["Body"])
        self.assertEqual("b", self.one(url, wait=5)["Body"])
        self.assertEqual("a", self.one(dead)["Body"])

    def test_without_a_policy_nothing_is_moved(self):
        url, dead = self.pair()
        self.set(url, RedrivePolicy="")
        self.send(url)
        for _ in range(4):
            self.one(url)
        self.assertEqual((0, 0, 0), self.counts(dead))

    def test_a_queue_may_be_dead_letter_queue_of_another_one(self):
        last = self.queue()
        middle = self.queue(RedrivePolicy=self.redrive(last, 3), VisibilityTimeout=0)
        first = self.queue(RedrivePolicy=self.redrive(middle, 1), VisibilityTimeout=0)
        self.send(first)
        self.one(first)
        self.receive(first)
        self.one(middle)
        self.assertEqual((0, 0, 0), self.counts(first))


class Policies(Case):
    def test_a_policy_is_read_as_it_was_written(self):
        dead = self.queue()
        for receives in (1, 1000, "7"):
            policy = json.dumps({"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": receives})
            with self.subTest(receives):
                got = json.loads(self.attributes(self.queue(RedrivePolicy=policy), "RedrivePolicy")["RedrivePolicy"])
                self.assertEqual((self.arn(dead), str(receives)), (got["deadLetterTargetArn"], str(got["maxReceiveCount"])))

    def test_an_empty_one_removes_it(self):
        url = self.queue(RedrivePolicy=self.redrive(self.queue(), 3))
        self.set(url, RedrivePolicy="")
        self.assertNotIn("RedrivePolicy", self.attributes(url))

    def refuse(self, policy, words, url=None):
        text = policy if isinstance(policy, str) else json.dumps(policy, separators=(",", ":"))
        with self.refused("InvalidParameterValue", re.compile("^Value " + re.escape(text) + " for parameter RedrivePolicy is invalid. Reason: " + words)):
            self.set(url or self.queue(), RedrivePolicy=text)

    def test_receives_are_1_to_1000(self):
        arn = self.arn(self.queue())
        for receives in (0, 1001, -1, "many", 1.5):
            with self.subTest(receives):
                self.refuse({"deadLetterTargetArn": arn, "maxReceiveCount": receives},
                            f"Invalid value for maxReceiveCount: {receives}, valid values are from 1 to 1000 both inclusive.")

    def test_both_members_are_required(self):
        self.refuse({"maxReceiveCount": 3}, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        self.refuse({"deadLetterTargetArn": self.arn(self.queue())}, "Redrive policy does not contain mandatory attribute: maxReceiveCount.")

    def test_a_policy_is_a_document(self):
        for policy in ("no", "[1]", '"x"', "{"):
            with self.subTest(policy):
                self.refuse(policy, "Redrive policy is not a valid JSON map.")

    def test_the_target_exists(self):
        arn = self.arn(self.queue())
        self.refuse({"deadLetterTargetArn": arn[:arn.rindex(":") + 1] + unique(), "maxReceiveCount": 3}, "Dead letter target does not exist.")

    def test_the_target_is_an_arn_of_a_queue(self):
        for arn in ("dlq", "arn:aws:sns:us-east-1:000000000000:topic"):
            with self.subTest(arn):
                self.refuse({"deadLetterTargetArn": arn, "maxReceiveCount": 3}, "")

    def test_the_target_has_the_type_of_the_source(self):
        self.refuse({"deadLetterTargetArn": self.arn(self.fifo()), "maxReceiveCount": 3}, "Dead-letter queue must be same type of queue as the source.")
        self.refuse({"deadLetterTargetArn": self.arn(self.queue()), "maxReceiveCount": 3}, "Dead-letter queue must be same type of queue as the source.", url=self.fifo())

    def test_a_creation_is_checked_in_the_same_way(self):
        name = unique()
        with self.refused("InvalidParameterValue"):
            self.queue(name, RedrivePolicy=json.dumps({"deadLetterTargetArn": self.arn(self.queue()), "maxReceiveCount": 0}))
        with self.missing_queue():
            SQS.get_queue_url(QueueName=name)


class Allowing(Case):
    """API Reference, "SetQueueAttributes", RedriveAllowPolicy."""

    def allow(self, url, permission, **more):
        policy = json.dumps({"redrivePermission": permission} | more)
        self.set(url, RedriveAllowPolicy=policy)
        return policy

    def test_all_may_where_it_says_so(self):
        dead = self.queue()
        policy = self.allow(dead, "allowAll")
        self.assertEqual(json.loads(policy), json.loads(self.attributes(dead)["RedriveAllowPolicy"]))
        self.queue(RedrivePolicy=self.redrive(dead, 3))

    def test_none_may_where_it_says_so(self):
        dead = self.queue()
        self.allow(dead, "denyAll")
        with self.refused(("InvalidParameterValue", "AccessDenied"), status=(400, 403)):
            self.queue(RedrivePolicy=self.redrive(dead, 3))

    def test_only_those_that_are_named(self):
        dead, friend, stranger = self.queue(), self.queue(), self.queue()
        self.allow(dead, "byQueue", sourceQueueArns=[self.arn(friend)])
        self.set(friend, RedrivePolicy=self.redrive(dead, 3))
        with self.refused(("InvalidParameterValue", "AccessDenied"), status=(400, 403)):
            self.set(stranger, RedrivePolicy=self.redrive(dead, 3))

    def test_up_to_ten_are_named(self):
        dead = self.queue()
        arns = [self.arn(dead) + str(number) for number in range(11)]
        self.allow(dead, "byQueue", sourceQueueArns=arns[:10])
        with self.refused(("InvalidParameterValue", "InvalidAttributeValue")):
            self.allow(dead, "byQueue", sourceQueueArns=arns)

    def test_words_are_checked(self):
        dead = self.queue()
        for policy in ('{"redrivePermission":"sometimes"}', "{}", "no", '{"redrivePermission":"byQueue"}', '{"redrivePermission":"allowAll","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:x"]}'):
            with self.subTest(policy), self.refused(("InvalidParameterValue", "InvalidAttributeValue")):
                self.set(dead, RedriveAllowPolicy=policy)

    def test_an_empty_one_removes_it(self):
        dead = self.queue()
        self.allow(dead, "denyAll")
        self.set(dead, RedriveAllowPolicy="")
        self.assertNotIn("RedriveAllowPolicy", self.attributes(dead))
        self.queue(RedrivePolicy=self.redrive(dead, 3))


class Sources(Case):
    def list(self, url, **request):
        return SQS.list_dead_letter_source_queues(QueueUrl=url, **request)

    def test_a_queue_without_sources_has_an_empty_list(self):
        # The Query protocol has no empty lists: there is no member then.
        self.assertEqual(None if QUERY else [], self.list(self.queue()).get("queueUrls"))

    def test_sources_are_listed(self):
        dead = self.queue()
        sources = {self.queue(RedrivePolicy=self.redrive(dead, 3)) for _ in range(3)}
        answer = self.list(dead)
        self.assertEqual(sources, set(answer["queueUrls"]))
        self.assertNotIn("NextToken", answer)

    def test_a_source_that_is_gone_or_changed_is_not_listed(self):
        dead = self.queue()
        first, second, third = (self.queue(RedrivePolicy=self.redrive(dead, 3)) for _ in range(3))
        SQS.delete_queue(QueueUrl=first)
        self.set(second, RedrivePolicy="")
        self.assertEqual([third], self.list(dead)["queueUrls"])

    def test_pages(self):
        dead = self.queue()
        sources = {self.queue(RedrivePolicy=self.redrive(dead, 3)) for _ in range(5)}
        seen, token, pages = set(), {}, 0
        while token is not None:
            page = self.list(dead, MaxResults=2, **token)
            self.assertLessEqual(len(page["queueUrls"]), 2)
            seen |= set(page["queueUrls"])
            pages += 1
            token = {"NextToken": page["NextToken"]} if page.get("NextToken") else None
        self.assertEqual((sources, 3), (seen, pages))

    def test_a_page_has_its_range(self):
        dead = self.queue()
        for most in (0, 1001):
            with self.subTest(most), self.refused("InvalidParameterValue"):
                self.list(dead, MaxResults=most)


if __name__ == "__main__":
    main()

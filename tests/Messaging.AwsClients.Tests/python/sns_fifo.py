"""FIFO topics, and subscriptions that go elsewhere than to queues.

Rules: Amazon SNS Developer Guide, "Message ordering and deduplication (FIFO topics)"; API Reference, "Publish", "Subscribe"; LocalStack's answers of the service, recorded in its tests of SNS.
"""

import json

from sns import SNS, SnsCase, main, pattern, unique

NO_GROUP = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
NO_DEDUPLICATION = "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"


class FifoTopics(SnsCase):
    def fifo_topic(self, **attributes):
        return self.topic(unique("t") + ".fifo", FifoTopic="true", **attributes)

    def test_the_name_says_the_type(self):
        for name, attributes in ((unique("t") + ".fifo", {}), (unique("t"), {"FifoTopic": "true"})):
            with self.subTest(name), self.invalid("Invalid parameter: Topic Name"):
                self.topic(name, **attributes)

    def test_its_attributes(self):
        topic = self.fifo_topic(ContentBasedDeduplication="true", FifoThroughputScope="MessageGroup")
        attributes = self.topic_attributes(topic)
        self.assertEqual(("true", "true", "MessageGroup"), tuple(attributes[name] for name in ("FifoTopic", "ContentBasedDeduplication", "FifoThroughputScope")))
        SNS.set_topic_attributes(TopicArn=topic, AttributeName="ContentBasedDeduplication", AttributeValue="false")
        self.assertEqual("false", self.topic_attributes(topic)["ContentBasedDeduplication"])
        with self.invalid():
            SNS.set_topic_attributes(TopicArn=topic, AttributeName="FifoThroughputScope", AttributeValue="x")

    def test_an_archive_keeps_the_topic(self):
        topic = self.fifo_topic(ArchivePolicy=json.dumps({"MessageRetentionPeriod": "30"}))
        with self.refused("InvalidState"):
            SNS.delete_topic(TopicArn=topic)
        for days in ("0", "366", "x"):
            with self.invalid(pattern("^Invalid parameter: ArchivePolicy: ")):
                SNS.set_topic_attributes(TopicArn=topic, AttributeName="ArchivePolicy", AttributeValue=json.dumps({"MessageRetentionPeriod": days}))
        SNS.set_topic_attributes(TopicArn=topic, AttributeName="ArchivePolicy", AttributeValue="{}")
        SNS.delete_topic(TopicArn=topic)

    def test_an_archive_is_replayed(self):
        topic, queue, subscription = self.subscribed(self.fifo_topic(ArchivePolicy=json.dumps({"MessageRetentionPeriod": "30"})), queue=self.fifo())
        policy = json.dumps({"PointType": "Timestamp", "StartingPoint": "2020-01-01T00:00:00.000Z"})
        for number in (1, 2, 3):
            SNS.publish(TopicArn=topic, Message=f"m{number}", MessageGroupId="g", MessageDeduplicationId=f"d{number}")
        first = [self.arrived(queue) for _ in range(3)]
        self.assertEqual(["m1", "m2", "m3"], [message["Message"] for message in first])
        self.assertNotIn("Replayed", first[0])
        self.assertRegex(self.topic_attributes(topic)["BeginningArchiveTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertNotIn("ReplayStatus", self.subscription(subscription))

        SNS.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="ReplayPolicy", AttributeValue=policy)
        again = [self.arrived(queue) for _ in range(3)]
        self.assertTrue(all(message.pop("Replayed") for message in again))
        self.assertEqual(first, again)
        attributes = self.subscription(subscription)
        self.assertEqual((policy, "Completed"), (attributes["ReplayPolicy"], attributes["ReplayStatus"]))
        SNS.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="ReplayPolicy", AttributeValue="")
        self.assertNotIn("ReplayPolicy", self.subscription(subscription))

        _, other, arn = self.subscribed(topic, queue=self.fifo(), ReplayPolicy=policy)
        self.assertEqual(["m1", "m2", "m3"], [self.arrived(other)["Message"] for _ in range(3)])
        self.assertEqual(policy, self.subscription(arn)["ReplayPolicy"])

    def test_what_can_not_be_replayed(self):
        archive = self.fifo_topic(ArchivePolicy=json.dumps({"MessageRetentionPeriod": "1"}))
        _, _, subscription = self.subscribed(archive, queue=self.fifo())
        start = {"PointType": "Timestamp", "StartingPoint": "2020-01-01T00:00:00Z"}
        for wrong in ("x", start | {"PointType": "Offset"}, start | {"StartingPoint": "soon"}, start | {"StartingPoint": "2999-01-01T00:00:00Z"}, start | {"EndingPoint": "2019-01-01T00:00:00Z"}):
            with self.subTest(wrong), self.invalid(pattern("^Invalid parameter: ReplayPolicy: ")):
                SNS.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="ReplayPolicy", AttributeValue=wrong if isinstance(wrong, str) else json.dumps(wrong))
        _, _, plain = self.subscribed(self.fifo_topic(), queue=self.fifo())
        with self.invalid(pattern("ReplayPolicy: can only be set")):
            SNS.set_subscription_attributes(SubscriptionArn=plain, AttributeName="ReplayPolicy", AttributeValue=json.dumps(start))
        # An archive without a message is replayed by that.
        SNS.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="ReplayPolicy", AttributeValue=json.dumps(start))
        self.assertEqual("Completed", self.subscription(subscription)["ReplayStatus"])

    def test_messages_arrive_in_order_and_once(self):
        topic, queue, _ = self.subscribed(self.fifo_topic(), raw=True, queue=self.fifo())
        numbers = []
        for number in (1, 2, 2, 3):
            answer = SNS.publish(TopicArn=topic, Message=f"m{number}", MessageGroupId="g", MessageDeduplicationId=f"d{number}")
            self.assertRegex(answer["SequenceNumber"], r"^\d{20}$")
            numbers.append((answer["SequenceNumber"], answer["MessageId"]))
        self.assertEqual(sorted(numbers), numbers)
        self.assertEqual(numbers[1], numbers[2])
        self.assertEqual(["m1", "m2", "m3"], [message["Body"] for message in self.receive(queue, wait=2)])

    def test_the_body_may_tell_duplicates(self):
        topic, queue, _ = self.subscribed(self.fifo_topic(ContentBasedDeduplication="true"), raw=True, queue=self.fifo())
        first = SNS.publish(TopicArn=topic, Message="same", MessageGroupId="g")
        again = SNS.publish(TopicArn=topic, Message="same", MessageGroupId="g")
        self.assertEqual(first["MessageId"], again["MessageId"])
        self.assertEqual(["same"], [message["Body"] for message in self.receive(queue, wait=2)])

    def test_what_a_message_lacks(self):
        topic = self.fifo_topic()
        with self.invalid(NO_GROUP):
            SNS.publish(TopicArn=topic, Message="m", MessageDeduplicationId="d")
        with self.invalid(NO_DEDUPLICATION):
            SNS.publish(TopicArn=topic, Message="m", MessageGroupId="g")
        with self.invalid(NO_GROUP):
            SNS.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "e", "Message": "m", "MessageDeduplicationId": "d"}])

    def test_a_batch_has_sequence_numbers(self):
        topic, queue, _ = self.subscribed(self.fifo_topic(), raw=True, queue=self.fifo())
        answer = SNS.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[
            {"Id": f"e{number}", "Message": f"m{number}", "MessageGroupId": "g", "MessageDeduplicationId": f"d{number}"} for number in range(5)])
        numbers = [entry["SequenceNumber"] for entry in answer["Successful"]]
        self.assertEqual((5, sorted(numbers)), (len(set(numbers)), numbers))
        self.assertEqual([f"m{number}" for number in range(5)], [message["Body"] for message in self.receive(queue, wait=2)])

    def test_it_delivers_to_queues_only(self):
        topic = self.fifo_topic()
        self.subscribed(topic)
        with self.invalid(pattern("^Invalid parameter: Invalid parameter: Protocol Reason: ")):
            SNS.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:9/")


class Elsewhere(SnsCase):
    def subscribe(self, protocol, endpoint, topic=None, **request):
        return SNS.subscribe(TopicArn=topic or self.topic(), Protocol=protocol, Endpoint=endpoint, **request)["SubscriptionArn"]

    def test_who_is_asked_first_is_pending(self):
        for protocol, endpoint in (("http", "http://127.0.0.1:9/x"), ("https", "https://127.0.0.1:9/x"), ("email", "a@b.example"), ("email-json", "a@b.example")):
            with self.subTest(protocol):
                topic = self.topic()
                self.assertEqual("pending confirmation", self.subscribe(protocol, endpoint, topic))
                arn = self.subscribe(protocol, endpoint, topic, ReturnSubscriptionArn=True)
                attributes = self.subscription(arn)
                self.assertEqual(
                    (protocol, endpoint, "true", "false"), tuple(attributes[name] for name in ("Protocol", "Endpoint", "PendingConfirmation", "ConfirmationWasAuthenticated")))
                self.assertEqual("PendingConfirmation", SNS.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]["SubscriptionArn"])
                counts = self.topic_attributes(topic)
                self.assertEqual(("0", "1"), (counts["SubscriptionsConfirmed"], counts["SubscriptionsPending"]))

    def test_who_is_not_asked_is_confirmed(self):
        for protocol, endpoint in (
            ("lambda", "http://127.0.0.1:9/f"), ("sms", "+15551234567"), ("firehose", "arn:aws:firehose:us-east-1:000000000000:deliverystream/s"),
            ("application", "arn:aws:sns:us-east-1:000000000000:endpoint/GCM/a/11111111-2222-3333-4444-555555555555"),
        ):
            with self.subTest(protocol):
                attributes = self.subscription(self.subscribe(protocol, endpoint))
                self.assertEqual((protocol, endpoint, "false"), tuple(attributes[name] for name in ("Protocol", "Endpoint", "PendingConfirmation")))

    def test_a_password_is_not_told(self):
        arn = self.subscribe("http", "http://me:secret@127.0.0.1:9/x?a=b@c", ReturnSubscriptionArn=True)
        self.assertEqual("http://me:****@127.0.0.1:9/x?a=b@c", self.subscription(arn)["Endpoint"])

    def test_the_role_of_a_delivery_stream_is_kept(self):
        role = "arn:aws:iam::000000000000:role/r"
        arn = self.subscribe("firehose", "arn:aws:firehose:us-east-1:000000000000:deliverystream/s", Attributes={"SubscriptionRoleArn": role})
        self.assertEqual(role, self.subscription(arn)["SubscriptionRoleArn"])
        with self.invalid(pattern("^Invalid parameter: AttributeValue|SubscriptionRoleArn")):
            SNS.set_subscription_attributes(SubscriptionArn=arn, AttributeName="SubscriptionRoleArn", AttributeValue="r")

    def test_endpoints_that_can_not_be(self):
        for protocol, endpoint, text in (
            ("http", "https://127.0.0.1/", "Invalid parameter: Endpoint must match the specified protocol"),
            ("email", "nobody", "Invalid parameter: Email address"),
            ("sms", "invalid-number", "Invalid SMS endpoint: invalid-number"),
            ("sms", "+15--551234567", "Invalid SMS endpoint: +15--551234567"),
            ("sms", "NAA+15551234567", "Invalid SMS endpoint: NAA+15551234567"),
            ("lambda", "arn:aws:lambda:us-east-1:000000000000:function:f", pattern("^Invalid parameter: Endpoint Reason: ")),
        ):
            with self.subTest(endpoint), self.invalid(text):
                self.subscribe(protocol, endpoint)

    def test_a_delivery_policy_counts_for_endpoints(self):
        arn = self.subscribe("http", "http://127.0.0.1:9/p", Attributes={"DeliveryPolicy": '{"throttlePolicy":{"maxReceivesPerSecond":5}}'}, ReturnSubscriptionArn=True)
        attributes = self.subscription(arn)
        self.assertEqual(5, json.loads(attributes["DeliveryPolicy"])["throttlePolicy"]["maxReceivesPerSecond"])
        self.assertEqual(3, json.loads(attributes["EffectiveDeliveryPolicy"])["healthyRetryPolicy"]["numRetries"])

    def test_a_token_that_is_none(self):
        topic = self.topic()
        with self.invalid("Invalid parameter: Token"):
            SNS.confirm_subscription(TopicArn=topic, Token="x")
        with self.no_topic():
            SNS.confirm_subscription(TopicArn=topic + "x", Token="x")


if __name__ == "__main__":
    main()

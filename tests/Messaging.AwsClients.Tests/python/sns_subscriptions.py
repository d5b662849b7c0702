"""Subscriptions of queues to topics, their attributes and lists.

Rules: Amazon SNS API Reference, the pages of each action; LocalStack's answers of the service, recorded in its tests of SNS.
"""

import json
import urllib.request

from sns import ACCOUNT, ENDPOINT, NOWHERE, SNS, SnsCase, client, main, pattern, unique

UNKNOWN = f"{NOWHERE}:11111111-2222-3333-4444-555555555555"


class Subscriptions(SnsCase):
    def test_a_subscription_has_the_attributes_of_the_service(self):
        topic, queue, arn = self.subscribed(raw=True)
        self.assertRegex(arn, f"^{topic}:[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$")
        attributes = self.subscription(arn)
        principal = attributes.pop("SubscriptionPrincipal")
        self.assertTrue(principal.startswith(f"arn:aws:iam::{ACCOUNT}:user/"), principal)
        self.assertEqual({
            "ConfirmationWasAuthenticated": "true", "Endpoint": self.arn(queue), "Owner": ACCOUNT, "PendingConfirmation": "false", "Protocol": "sqs",
            "RawMessageDelivery": "true", "SubscriptionArn": arn, "TopicArn": topic}, attributes)
        self.assertEqual("1", self.topic_attributes(topic)["SubscriptionsConfirmed"])

    def test_the_same_again_is_the_same_subscription(self):
        topic, queue, arn = self.subscribed(raw=True, FilterPolicy={"store": ["a"]})
        for attributes in ({"RawMessageDelivery": "true", "FilterPolicy": '{"store": ["a"]}'}, {"RawMessageDelivery": "true"}, {}):
            with self.subTest(attributes):
                again = SNS.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.arn(queue), Attributes=attributes)
                self.assertEqual(arn, again["SubscriptionArn"])
        with self.invalid("Invalid parameter: Attributes Reason: Subscription already exists with different attributes"):
            self.subscribed(topic, queue=queue, RawMessageDelivery="false")

    def test_what_can_not_be_subscribed_is_refused(self):
        topic, fifo = self.topic(), self.fifo()
        endpoint = self.arn(self.queue())
        for text, request in (
            ("Invalid parameter: Amazon SNS does not support this protocol string: pigeon", {"Protocol": "pigeon"}),
            ("Invalid parameter: SQS endpoint ARN", {"Endpoint": "http://127.0.0.1/000000000000/q"}),
            ("Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics", {"Endpoint": self.arn(fifo)}),
            (pattern("^Invalid parameter: Endpoint Reason: "), {"Endpoint": endpoint + "x"}),
            (pattern("^Invalid parameter: Endpoint Reason: "), {"Endpoint": endpoint.replace(ACCOUNT, "111122223333")}),
            ("Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1", {"TopicArn": "topic"}),
            ("Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [x]. Must be true or false.", {"Attributes": {"RawMessageDelivery": "x"}}),
            (pattern("^Invalid parameter: Attributes Reason: FilterPolicy: failed to parse JSON"), {"Attributes": {"FilterPolicy": "x"}}),
            (pattern("^Invalid parameter: Attributes Reason: "), {"Attributes": {"Nothing": "x"}}),
        ):
            with self.subTest(request), self.invalid(text):
                SNS.subscribe(**{"TopicArn": topic, "Protocol": "sqs", "Endpoint": endpoint, **request})
        with self.no_topic():
            SNS.subscribe(TopicArn=NOWHERE, Protocol="sqs", Endpoint=endpoint)

    def test_unsubscribed_is_gone_and_twice_is_no_error(self):
        topic, _, arn = self.subscribed()
        SNS.unsubscribe(SubscriptionArn=arn)
        SNS.unsubscribe(SubscriptionArn=arn)
        SNS.unsubscribe(SubscriptionArn=UNKNOWN)
        with self.no_subscription():
            SNS.get_subscription_attributes(SubscriptionArn=arn)
        self.assertEqual("0", self.topic_attributes(topic)["SubscriptionsConfirmed"])

    def test_arns_that_are_none_are_told_apart(self):
        topic = self.topic()
        for arn, text in (
            ("x", "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1"),
            (topic, "Invalid parameter: SubscriptionId"),
            (f"{topic}:x", "Invalid parameter: SubscriptionId"),
            ("", "Invalid parameter: SubscriptionArn Reason: no value for required parameter"),
        ):
            with self.subTest(arn), self.invalid(text):
                SNS.unsubscribe(SubscriptionArn=arn)
        with self.no_subscription():
            SNS.get_subscription_attributes(SubscriptionArn=UNKNOWN)
        with self.no_subscription():
            SNS.set_subscription_attributes(SubscriptionArn=UNKNOWN, AttributeName="RawMessageDelivery", AttributeValue="true")

    def test_the_end_of_a_topic_is_the_end_of_its_subscriptions(self):
        topic, queue, arn = self.subscribed()
        SNS.delete_topic(TopicArn=topic)
        with self.no_subscription():
            SNS.get_subscription_attributes(SubscriptionArn=arn)
        _, _, again = self.subscribed(self.topic(topic.rsplit(":", 1)[1]), queue=queue)
        self.assertNotEqual(arn, again)

    def test_the_link_of_a_notification_ends_the_subscription(self):
        topic, queue, arn = self.subscribed()
        SNS.publish(TopicArn=topic, Message="m")
        url = self.arrived(queue)["UnsubscribeURL"]
        self.assertTrue(url.endswith(f"/?Action=Unsubscribe&SubscriptionArn={arn}"), url)
        # Wherever the server says that it is: the tests reach it under another port.
        with urllib.request.urlopen(f"{ENDPOINT}/?{url.split('?', 1)[1]}") as answer:
            self.assertEqual(200, answer.status)
        with self.no_subscription():
            SNS.get_subscription_attributes(SubscriptionArn=arn)


class Attributes(SnsCase):
    def set(self, arn, name, value):
        SNS.set_subscription_attributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=value if isinstance(value, str) else json.dumps(value))

    def test_raw_delivery(self):
        _, _, arn = self.subscribed()
        self.set(arn, "RawMessageDelivery", "true")
        self.assertEqual("true", self.subscription(arn)["RawMessageDelivery"])
        for value in ("test-ValUe", ""):
            with self.invalid(f"Invalid parameter: RawMessageDelivery: Invalid value [{value}]. Must be true or false."):
                self.set(arn, "RawMessageDelivery", value)

    def test_a_filter_policy_is_set_and_removed(self):
        _, _, arn = self.subscribed()
        for empty in ("", "{}"):
            self.set(arn, "FilterPolicy", '{"a": ["b"]}')
            self.assertEqual(('{"a": ["b"]}', "MessageAttributes"), tuple(self.subscription(arn)[name] for name in ("FilterPolicy", "FilterPolicyScope")))
            self.set(arn, "FilterPolicy", empty)
            self.assertNotIn("FilterPolicy", self.subscription(arn))

    def test_a_scope_may_come_before_its_policy(self):
        _, _, arn = self.subscribed()
        self.set(arn, "FilterPolicyScope", "MessageBody")
        self.set(arn, "FilterPolicy", {"a": {"b": ["c"]}})
        self.assertEqual("MessageBody", self.subscription(arn)["FilterPolicyScope"])
        with self.invalid("Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy"):
            self.set(arn, "FilterPolicyScope", "MessageAttributes")
        with self.invalid("Invalid parameter: FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes"):
            self.set(arn, "FilterPolicyScope", "RandomValue")

    def test_filter_policies_have_the_limits_of_the_service(self):
        _, _, arn = self.subscribed()
        self.set(arn, "FilterPolicy", {f"k{number}": ["v"] for number in range(5)})
        for text, policy in (
            ("Invalid parameter: FilterPolicy: Filter policy can not have more than 5 keys", {f"k{number}": ["v"] for number in range(6)}),
            ("Invalid parameter: FilterPolicy: Filter policy is too complex", {name: [str(number) for number in range(13)] for name in ("a", "b")}),
        ):
            with self.subTest(text), self.invalid(text):
                self.set(arn, "FilterPolicy", policy)

    def test_a_topic_has_two_hundred_filter_policies_at_most(self):
        sns, sqs = client("sns", aws_access_key_id="666666666666", aws_secret_access_key="x"), client(aws_access_key_id="666666666666", aws_secret_access_key="x")
        topic = self.topic(sns=sns)
        arns = [self.arn(self.queue(sqs=sqs), sqs=sqs) for _ in range(201)]
        policy = {"FilterPolicy": '{"a": ["b"]}'}
        for endpoint in arns[:200]:
            last = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint, Attributes=policy)["SubscriptionArn"]
        with self.refused("FilterPolicyLimitExceeded", status=403):
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arns[200], Attributes=policy)
        sns.set_subscription_attributes(SubscriptionArn=last, AttributeName="FilterPolicy", AttributeValue="")
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arns[200], Attributes=policy)

    def test_a_redrive_policy(self):
        _, _, arn = self.subscribed()
        dead = self.arn(self.queue())
        self.set(arn, "RedrivePolicy", {"deadLetterTargetArn": dead})
        self.assertEqual({"deadLetterTargetArn": dead}, json.loads(self.subscription(arn)["RedrivePolicy"]))
        self.set(arn, "RedrivePolicy", "")
        self.assertNotIn("RedrivePolicy", self.subscription(arn))
        for text, value in (
            ("Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn", {"deadLetterTargetArn": "x"}),
            (pattern("^Invalid parameter: RedrivePolicy: failed to parse JSON"), "{invalidjson}"),
            (pattern("^Invalid parameter: RedrivePolicy: "), {"deadLetterTargetArn": dead + "x"}),
        ):
            with self.subTest(value), self.invalid(text):
                self.set(arn, "RedrivePolicy", value)

    def test_attributes_that_do_not_exist(self):
        _, _, arn = self.subscribed()
        for name in ("Nothing", "Owner", "PendingConfirmation"):
            with self.subTest(name), self.invalid("Invalid parameter: AttributeName"):
                self.set(arn, name, "x")

    def test_a_delivery_policy_is_kept(self):
        _, _, arn = self.subscribed()
        policy = '{"throttlePolicy":{"maxReceivesPerSecond":5}}'
        self.set(arn, "DeliveryPolicy", policy)
        self.assertEqual({"maxReceivesPerSecond": 5}, json.loads(self.subscription(arn)["DeliveryPolicy"])["throttlePolicy"])
        with self.invalid(pattern("^Invalid parameter: DeliveryPolicy: ")):
            self.set(arn, "DeliveryPolicy", '{"throttlePolicy":{"maxReceivesPerSecond":0}}')


class Lists(SnsCase):
    def test_those_of_a_topic(self):
        topic, queue, arn = self.subscribed()
        self.assertEqual(
            [{"SubscriptionArn": arn, "Owner": ACCOUNT, "Protocol": "sqs", "Endpoint": self.arn(queue), "TopicArn": topic}],
            SNS.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"])
        self.assertEqual([], SNS.list_subscriptions_by_topic(TopicArn=self.topic())["Subscriptions"])
        with self.no_topic():
            SNS.list_subscriptions_by_topic(TopicArn=NOWHERE)

    def test_pages_have_a_hundred(self):
        sns, sqs = client("sns", aws_access_key_id="555555555555", aws_secret_access_key="x"), client(aws_access_key_id="555555555555", aws_secret_access_key="x")
        topics = [self.topic(sns=sns), self.topic(sns=sns), self.topic(sns=sns)]
        arns = []
        for number in range(120):
            endpoint = self.arn(self.queue(sqs=sqs), sqs=sqs)
            for topic in topics[:2] if number < 5 else topics[:1]:
                arns.append(sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)["SubscriptionArn"])
        of_topic, pages = self.pages(sns.list_subscriptions_by_topic, "Subscriptions", TopicArn=topics[0])
        self.assertEqual((120, 2), (len(of_topic), pages))
        everything, pages = self.pages(sns.list_subscriptions, "Subscriptions")
        self.assertEqual((sorted(arns), 2), (sorted(one["SubscriptionArn"] for one in everything), pages))

    def test_a_token_that_is_none(self):
        for call in (lambda: SNS.list_subscriptions(NextToken="?"), lambda: SNS.list_subscriptions_by_topic(TopicArn=self.topic(), NextToken="?")):
            with self.invalid("Invalid parameter: NextToken"):
                call()


if __name__ == "__main__":
    main()

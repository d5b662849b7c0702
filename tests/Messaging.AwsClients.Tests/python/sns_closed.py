"""A server that checks signatures: what the policy of a topic lets others do, and what works without a signature.

Rules: Amazon SNS Developer Guide, "Example cases for Amazon SNS access control", "Unsubscribe"; API Reference, "AddPermission".
"""

import json
import os
import re
import urllib.error
import urllib.request

from sns import ENDPOINT, SNS, SnsCase, client, main
from sqs import SQS

OTHER = client("sns", aws_access_key_id=os.environ["SQS_OTHER_KEY_ID"], aws_secret_access_key=os.environ["SQS_OTHER_SECRET"])
OTHER_ACCOUNT = os.environ["SQS_OTHER_ACCOUNT"]
ACCOUNT = os.environ["SQS_ACCOUNT"]


def get(query):
    try:
        with urllib.request.urlopen(f"{ENDPOINT}/?{query}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class Closed(SnsCase):
    def denied(self, action):
        return self.refused("AuthorizationError", re.compile(f"^User: arn:aws:iam::{OTHER_ACCOUNT}:user/.* is not authorized to perform: SNS:{action} on resource: arn:aws:sns:.* because no resource-based policy allows"), 403)

    def test_the_owner_may_and_another_account_may_not(self):
        topic = self.topic()
        self.assertIn(f":{ACCOUNT}:", topic)
        SNS.publish(TopicArn=topic, Message="m")
        for action, call in (
            ("Publish", lambda: OTHER.publish(TopicArn=topic, Message="m")),
            ("Publish", lambda: OTHER.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "e", "Message": "m"}])),
            ("GetTopicAttributes", lambda: OTHER.get_topic_attributes(TopicArn=topic)),
            ("DeleteTopic", lambda: OTHER.delete_topic(TopicArn=topic)),
            ("Subscribe", lambda: OTHER.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:9/")),
            ("TagResource", lambda: OTHER.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "b"}])),
            # Not even whether it is there.
            ("Publish", lambda: OTHER.publish(TopicArn=topic + "x", Message="m")),
        ):
            with self.subTest(action), self.denied(action):
                call()

    def test_a_permission_lets_another_account(self):
        topic = self.topic()
        SNS.add_permission(TopicArn=topic, Label="l", AWSAccountId=[OTHER_ACCOUNT], ActionName=["Publish"])
        OTHER.publish(TopicArn=topic, Message="m")
        with self.denied("GetTopicAttributes"):
            OTHER.get_topic_attributes(TopicArn=topic)
        SNS.remove_permission(TopicArn=topic, Label="l")
        with self.denied("Publish"):
            OTHER.publish(TopicArn=topic, Message="m")

    def test_conditions_on_what_is_subscribed(self):
        topic = self.topic()
        SNS.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": OTHER_ACCOUNT}, "Action": "sns:Subscribe", "Resource": topic,
            "Condition": {"StringEquals": {"sns:Protocol": "http"}, "StringLike": {"sns:Endpoint": "http://127.0.0.1:9/*"}}}]}))
        self.assertEqual("pending confirmation", OTHER.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:9/x")["SubscriptionArn"])
        with self.denied("Subscribe"):
            OTHER.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:10/x")

    def test_the_queue_need_not_allow_and_may_deny(self):
        topic, queue, _ = self.subscribed(raw=True)
        SNS.publish(TopicArn=topic, Message="m")
        self.assertEqual("m", self.one(queue)["Body"])
        other = self.queue()
        SQS.set_queue_attributes(QueueUrl=other, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": self.arn(other), "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}]})})
        with self.invalid(re.compile("^Invalid parameter: Endpoint Reason: ")):
            self.subscribed(topic, queue=other)

    def test_without_a_signature_only_what_a_link_may(self):
        topic, _, arn = self.subscribed()
        self.assertEqual(403, get(f"Action=Publish&Version=2010-03-31&TopicArn={topic}&Message=m")[0])
        self.assertEqual(403, get("Action=ListTopics&Version=2010-03-31")[0])
        # A queue has agreed to nothing by a token: its owner ends it.
        self.assertEqual(403, get(f"Action=Unsubscribe&SubscriptionArn={arn}")[0])
        SNS.get_subscription_attributes(SubscriptionArn=arn)
        # An endpoint that has not agreed either may always end it.
        asked = SNS.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://127.0.0.1:9/", ReturnSubscriptionArn=True)["SubscriptionArn"]
        status, body = get(f"Action=Unsubscribe&SubscriptionArn={asked}")
        self.assertEqual(200, status, body)
        with self.no_subscription():
            SNS.get_subscription_attributes(SubscriptionArn=asked)

    def test_a_queue_of_others_is_subscribed_by_who_may_send_to_it(self):
        topic, queue = self.topic(), self.queue()
        SNS.add_permission(TopicArn=topic, Label="l", AWSAccountId=[OTHER_ACCOUNT], ActionName=["Subscribe"])
        with self.invalid("Invalid parameter: Endpoint Reason: The policy of the queue does not allow the caller to send to it"):
            OTHER.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.arn(queue))
        SQS.add_permission(QueueUrl=queue, Label="l", AWSAccountIds=[OTHER_ACCOUNT], Actions=["SendMessage"])
        OTHER.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.arn(queue))

    def test_a_wrong_secret(self):
        with self.refused("SignatureDoesNotMatch", status=403):
            client("sns", aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="wrong").list_topics()


if __name__ == "__main__":
    main()

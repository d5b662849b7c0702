"""What the scripts of boto3 for Amazon SNS share, on top of what they share with those for SQS."""

import json
import re

from sqs import ENDPOINT, Case, client, main, unique  # noqa: F401, for the scripts

SNS = client("sns")
ACCOUNT = "000000000000"
NOWHERE = f"arn:aws:sns:us-east-1:{ACCOUNT}:nobody"


class SnsCase(Case):
    """A case with topics of its own."""

    def topic(self, name=None, sns=SNS, tags=None, **attributes):
        request = {"Name": name or unique("t"), "Attributes": {key: str(value) for key, value in attributes.items()}}
        if tags is not None:
            request["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        return sns.create_topic(**request)["TopicArn"]

    def topic_attributes(self, arn):
        return SNS.get_topic_attributes(TopicArn=arn)["Attributes"]

    def subscribed(self, topic=None, raw=False, queue=None, **attributes):
        """A topic, a queue and a subscription between them: the ARN of the topic, the queue's URL, the ARN of the subscription."""
        topic = topic or self.topic()
        queue = queue or self.queue()
        given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
        if raw:
            given["RawMessageDelivery"] = "true"
        arn = SNS.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.arn(queue), Attributes=given, ReturnSubscriptionArn=True)["SubscriptionArn"]
        return topic, queue, arn

    def subscription(self, arn):
        return SNS.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]

    def invalid(self, text=None):
        return self.refused("InvalidParameter", text)

    def no_topic(self):
        return self.refused("NotFound", "Topic does not exist", 404)

    def no_subscription(self):
        return self.refused("NotFound", "Subscription does not exist", 404)

    def arrived(self, queue):
        """The notification that comes next, taken out of the queue."""
        message = self.one(queue)
        self.delete(queue, message)
        return json.loads(message["Body"])

    def pages(self, operation, member, **request):
        """All items of a list, and how many pages they came in."""
        items, count, token = [], 0, None
        while True:
            page = operation(**request, **({"NextToken": token} if token else {}))
            items += page[member]
            count += 1
            token = page.get("NextToken")
            if not token:
                return items, count


def pattern(text):
    return re.compile(text)

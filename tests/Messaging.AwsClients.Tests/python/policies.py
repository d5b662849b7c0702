"""What policies let other accounts and nobody do, on a server that checks signatures.

Rules: Amazon SQS Developer Guide, "Using policies with Amazon SQS" and "Amazon SQS API permissions: Actions and resource reference" (which actions are
the owner's alone; a batch needs the permission of its single action); IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements:
Condition operators".
"""

import json
import os
import re

import botocore
from sqs import SQS, Case, client, main, unique

OTHER = os.environ["SQS_OTHER_ACCOUNT"]
STRANGER = client(aws_access_key_id=os.environ["SQS_OTHER_KEY_ID"], aws_secret_access_key=os.environ["SQS_OTHER_SECRET"])
NOBODY = client(config={"signature_version": botocore.UNSIGNED})
DENIED = ("AccessDenied", "AccessDeniedException")
UNSIGNED = ("MissingAuthenticationToken", "MissingAuthenticationTokenException")


class Policies(Case):
    def allow(self, url, action="sqs:SendMessage", principal=None, **more):
        return {"Effect": "Allow", "Principal": principal or {"AWS": OTHER}, "Action": action, "Resource": self.arn(url)} | more

    def governed(self, *changes, url=None):
        """A queue whose policy has these statements, each as the difference to one that lets the stranger send."""
        url = url or self.queue()
        self.set(url, Policy=json.dumps({"Version": "2012-10-17", "Statement": [self.allow(url) | change for change in changes]}))
        return url

    def denied(self, action="sendmessage"):
        return self.refused(DENIED, re.compile(f"not authorized to perform: sqs:{action}"), status=(403, 400))

    def send_as(self, sqs, url):
        return sqs.send_message(QueueUrl=url, MessageBody="x")

    def test_a_stranger_may_do_nothing_by_itself(self):
        url = self.queue()
        calls = {
            "send_message": {"MessageBody": "x"}, "receive_message": {}, "delete_message": {"ReceiptHandle": "x"}, "purge_queue": {}, "delete_queue": {},
            "get_queue_attributes": {"AttributeNames": ["All"]}, "set_queue_attributes": {"Attributes": {"DelaySeconds": "1"}}, "list_queue_tags": {},
            "send_message_batch": {"Entries": [{"Id": "a", "MessageBody": "x"}]}, "tag_queue": {"Tags": {"a": "b"}}, "untag_queue": {"TagKeys": ["a"]},
            "change_message_visibility": {"ReceiptHandle": "x", "VisibilityTimeout": 1}, "remove_permission": {"Label": "x"},
            "add_permission": {"Label": "x", "AWSAccountIds": [OTHER], "Actions": ["*"]}, "list_dead_letter_source_queues": {},
        }
        for name, request in calls.items():
            with self.subTest(name), self.refused(DENIED, status=(403, 400)):
                getattr(STRANGER, name)(QueueUrl=url, **request)

    def test_a_permission_is_for_its_actions_only(self):
        url = self.queue()
        SQS.add_permission(QueueUrl=url, Label="friend", AWSAccountIds=[OTHER], Actions=["SendMessage"])
        self.send_as(STRANGER, url)
        with self.denied("receivemessage"):
            STRANGER.receive_message(QueueUrl=url)
        SQS.remove_permission(QueueUrl=url, Label="friend")
        with self.denied():
            self.send_as(STRANGER, url)

    def test_a_permission_to_send_is_one_to_send_batches(self):
        url = self.governed({})
        answer = STRANGER.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "x"}])
        self.assertEqual(1, len(answer["Successful"]))

    def test_a_whole_consumer(self):
        url = self.governed({"Action": ["SQS:SendMessage", "SQS:ReceiveMessage", "SQS:DeleteMessage", "SQS:GetQueueUrl", "SQS:ChangeMessageVisibility"]})
        found = STRANGER.get_queue_url(QueueName=url.rsplit("/", 1)[1], QueueOwnerAWSAccountId=url.split("/")[-2])["QueueUrl"]
        self.assertEqual(url, found)
        self.send_as(STRANGER, url)
        (message,) = STRANGER.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
        STRANGER.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=30)
        STRANGER.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_some_actions_are_the_owners_alone(self):
        url = self.governed({"Action": "sqs:*"})
        self.send_as(STRANGER, url)
        for name, request in {
            "set_queue_attributes": {"Attributes": {"DelaySeconds": "1"}}, "delete_queue": {}, "tag_queue": {"Tags": {"a": "b"}}, "untag_queue": {"TagKeys": ["a"]},
            "list_queue_tags": {}, "add_permission": {"Label": "x", "AWSAccountIds": [OTHER], "Actions": ["*"]}, "remove_permission": {"Label": "x"},
        }.items():
            with self.subTest(name), self.refused(DENIED, status=(403, 400)):
                getattr(STRANGER, name)(QueueUrl=url, **request)

    def test_actions_by_their_beginning(self):
        url = self.governed({"Action": "sqs:Get*"})
        STRANGER.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        with self.denied():
            self.send_as(STRANGER, url)

    def test_principals(self):
        for principal in ({"AWS": f"arn:aws:iam::{OTHER}:root"}, {"AWS": [OTHER, "210000000000"]}, {"AWS": "*"}, "*"):
            with self.subTest(principal):
                self.send_as(STRANGER, self.governed({"Principal": principal}))
        with self.denied():
            self.send_as(STRANGER, self.governed({"Principal": {"AWS": "210000000000"}}))

    def test_everybody_is_nobody_too(self):
        url = self.governed({"Principal": "*"})
        self.send_as(NOBODY, url)
        with self.refused(UNSIGNED + DENIED, status=(403, 400)):
            NOBODY.receive_message(QueueUrl=url)
        with self.refused(UNSIGNED + DENIED, status=(403, 400)):
            self.send_as(NOBODY, self.queue())

    def test_a_denial_counts_more_than_a_permission(self):
        url = self.governed({}, {"Effect": "Deny"})
        with self.denied():
            self.send_as(STRANGER, url)

    def test_a_denial_holds_for_the_owner(self):
        url = self.governed({"Effect": "Deny", "Principal": "*"})
        with self.denied():
            self.send(url)
        self.set(url, Policy="")
        self.send(url)

    def test_conditions(self):
        for condition, allowed in (
            ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
            ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, False),
            ({"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "198.51.100.7"]}}, True),
            ({"Bool": {"aws:SecureTransport": "true"}}, False),
            ({"Bool": {"aws:SecureTransport": "false"}}, True),
            ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
            ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
            ({"StringEquals": {"aws:PrincipalAccount": OTHER}}, True),
            ({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:topic"}}, False),
            ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}, "Bool": {"aws:SecureTransport": "true"}}, False),
        ):
            with self.subTest(condition):
                url = self.governed({"Condition": condition})
                if allowed:
                    self.send_as(STRANGER, url)
                else:
                    with self.denied():
                        self.send_as(STRANGER, url)

    def test_a_statement_is_about_its_resource(self):
        url = self.queue()
        self.governed({"Resource": self.arn(url) + "-other"}, url=url)
        with self.denied():
            self.send_as(STRANGER, url)

    def test_a_stranger_does_not_learn_whether_a_queue_is_there(self):
        url = self.queue()
        with self.refused(DENIED + ("AWS.SimpleQueueService.NonExistentQueue",), status=(403, 400)):
            self.send_as(STRANGER, url + unique())

    def test_a_message_tells_who_sent_it(self):
        url = self.governed({})
        self.send_as(STRANGER, url)
        self.send(url)
        senders = [message["Attributes"]["SenderId"] for message in self.drain(url, 2, AttributeNames=["SenderId"])]
        self.assertEqual(2, len(set(senders)), senders)

    def test_accounts_have_names_of_their_own(self):
        name = unique()
        mine, theirs = self.queue(name), STRANGER.create_queue(QueueName=name)["QueueUrl"]
        self.assertNotEqual(mine, theirs)
        self.assertIn(f"/{OTHER}/", theirs)
        self.assertEqual([theirs], STRANGER.list_queues(QueueNamePrefix=name)["QueueUrls"])


if __name__ == "__main__":
    main()

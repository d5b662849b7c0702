"""Infrastructure as code: what a tool sets is what it reads back, so that its next plan is empty.

The attributes are those of the resource aws_sqs_queue of Terraform's provider (its documentation, "Argument Reference") and of AWS::SQS::Queue
(CloudFormation's reference, "Properties"). Both tools set an attribute to the empty text where it is taken out of the definition.
"""

import json

from sqs import SQS, Case, main, unique

COUNTED = {"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
           "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"}


class Drift(Case):
    def state(self, url):
        return {name: value for name, value in self.attributes(url).items() if name not in COUNTED}

    def assert_no_drift(self, url, wanted):
        """A plan compares what was set with what is read: documents by their content, everything else by its text."""
        read = self.state(url)
        for name, value in wanted.items():
            if value.startswith("{"):
                self.assertEqual(json.loads(value), json.loads(read[name]), name)
            else:
                self.assertEqual(value, read.get(name, ""), name)
        self.set(url, **wanted)
        self.assertEqual(read, self.state(url))

    def definitions(self, kind):
        make = self.fifo if kind == "fifo" else self.queue
        dead, name = make(), unique() + (".fifo" if kind == "fifo" else "")
        arn = self.arn(dead)
        own = arn[:arn.rindex(":") + 1] + name
        wanted = {
            "DelaySeconds": "90",
            "MaximumMessageSize": "2048",
            "MessageRetentionPeriod": "86400",
            "ReceiveMessageWaitTimeSeconds": "10",
            "VisibilityTimeout": "45",
            "Policy": json.dumps({"Version": "2012-10-17", "Statement": [{
                "Sid": "1", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": own}]}),
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 4}),
            "RedriveAllowPolicy": json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [own]}),
        }
        if kind == "fifo":
            wanted |= {"FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
        return name, wanted

    def test_a_standard_queue_with_everything(self):
        for encryption in ({"SqsManagedSseEnabled": "true"}, {"SqsManagedSseEnabled": "false"},
                           {"KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": "300"},
                           {"KmsMasterKeyId": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", "KmsDataKeyReusePeriodSeconds": "3600"}):
            with self.subTest(encryption):
                name, wanted = self.definitions("standard")
                wanted |= encryption
                url = self.queue(name, **wanted)
                self.assert_no_drift(url, wanted)
                self.assertEqual(url, self.queue(name, **wanted))

    def test_a_fifo_queue_with_everything(self):
        name, wanted = self.definitions("fifo")
        url = self.queue(name, **wanted)
        self.assert_no_drift(url, wanted)
        self.assertEqual(url, self.queue(name, **wanted))

    def test_what_is_taken_out_is_gone(self):
        name, wanted = self.definitions("standard")
        url = self.queue(name, **wanted)
        gone = {"Policy": "", "RedrivePolicy": "", "RedriveAllowPolicy": "", "KmsMasterKeyId": ""}
        self.set(url, **gone)
        self.assertEqual(set(), set(gone) & set(self.state(url)))
        self.assert_no_drift(url, gone)

    def test_an_update_changes_nothing_else(self):
        name, wanted = self.definitions("standard")
        url = self.queue(name, **wanted)
        before = self.state(url)
        self.set(url, VisibilityTimeout="46")
        self.assertEqual(before | {"VisibilityTimeout": "46"}, self.state(url))

    def test_the_defaults_of_terraform_are_those_of_the_service(self):
        wanted = {"DelaySeconds": "0", "MaximumMessageSize": "262144", "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "0",
                  "VisibilityTimeout": "30", "SqsManagedSseEnabled": "true"}
        url = self.queue(**wanted)
        self.assert_no_drift(url, wanted)

    def test_a_policy_of_the_queue_as_a_resource_of_its_own(self):
        # aws_sqs_queue_policy and AWS::SQS::QueuePolicy: set, read until it is equal, removed by an empty text.
        url = self.queue()
        policy = json.dumps({"Version": "2012-10-17", "Id": "x", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": self.arn(url)}]})
        self.set(url, Policy=policy)
        self.assert_no_drift(url, {"Policy": policy})
        self.set(url, Policy="")
        self.assertNotIn("Policy", self.state(url))

    def test_tags_without_drift(self):
        tags = {"Name": "orders", "team": "a", "cost:center": "1234", "empty": ""}
        url = self.queue(tags=tags)
        SQS.tag_queue(QueueUrl=url, Tags=tags)
        self.assertEqual(tags, SQS.list_queue_tags(QueueUrl=url)["Tags"])

    def test_a_deleted_queue_is_gone_for_the_next_read(self):
        url = self.queue()
        SQS.delete_queue(QueueUrl=url)
        with self.missing_queue():
            SQS.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])


if __name__ == "__main__":
    main()

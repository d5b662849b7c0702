"""Topics: creation, attributes, tags, permissions and lists.

Rules: Amazon SNS API Reference, the pages of each action; LocalStack's answers of the service, recorded in its tests of SNS.
"""

import json

from sns import ACCOUNT, NOWHERE, SNS, SnsCase, client, main, pattern, unique

OTHER_ACCOUNT = "111122223333"


class Topics(SnsCase):
    def test_an_arn_has_region_account_and_name(self):
        name = unique("t")
        self.assertEqual(f"arn:aws:sns:us-east-1:{ACCOUNT}:{name}", self.topic(name))

    def test_the_same_again_is_the_same_topic(self):
        name = unique("t")
        arn = self.topic(name, tags={"a": "b"}, DisplayName="Shown")
        for again in ({}, {"DisplayName": "Shown"}):
            self.assertEqual(arn, self.topic(name, **again))
        self.assertEqual(arn, self.topic(name, tags={"a": "b"}))

    def test_other_attributes_are_refused(self):
        name = unique("t")
        self.topic(name, DisplayName="one")
        with self.invalid("Invalid parameter: Attributes Reason: Topic already exists with different attributes"):
            self.topic(name, DisplayName="two")

    def test_other_tags_are_refused(self):
        name = unique("t")
        self.topic(name)
        with self.invalid("Invalid parameter: Tags Reason: Topic already exists with different tags"):
            self.topic(name, tags={"a": "b"})

    def test_names_hold_on_both_ends(self):
        self.topic("n" * 255)
        for name in ("", "n" * 257, "a.b", "a b", "ü", "a:b", ".fifo"):
            with self.subTest(name), self.invalid("Invalid parameter: Topic Name"):
                SNS.create_topic(Name=name)

    def test_a_name_is_required(self):
        with self.refused("ValidationError", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"):
            SNS.create_topic()

    def test_deleted_is_gone_and_twice_is_no_error(self):
        arn = self.topic()
        SNS.delete_topic(TopicArn=arn)
        SNS.delete_topic(TopicArn=arn)
        with self.no_topic():
            SNS.get_topic_attributes(TopicArn=arn)

    def test_a_new_topic_has_the_attributes_of_the_service(self):
        arn = self.topic()
        attributes = self.topic_attributes(arn)
        self.assertEqual(
            {"DisplayName", "EffectiveDeliveryPolicy", "Owner", "Policy", "SubscriptionsConfirmed", "SubscriptionsDeleted", "SubscriptionsPending", "TopicArn"}, set(attributes))
        self.assertEqual((arn, ACCOUNT, "", "0", "0", "0"), tuple(attributes[name] for name in (
            "TopicArn", "Owner", "DisplayName", "SubscriptionsConfirmed", "SubscriptionsDeleted", "SubscriptionsPending")))
        self.assertEqual({"http": {
            "defaultHealthyRetryPolicy": {
                "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0, "numNoDelayRetries": 0, "numMinDelayRetries": 0, "backoffFunction": "linear"},
            "disableSubscriptionOverrides": False, "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"}}}, json.loads(attributes["EffectiveDeliveryPolicy"]))
        self.assertEqual({
            "Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [{
                "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
                "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe",
                           "SNS:ListSubscriptionsByTopic", "SNS:Publish"],
                "Resource": arn, "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}]}, json.loads(attributes["Policy"]))

    def test_attributes_that_do_not_exist_are_refused(self):
        arn = self.topic()
        for name in ("Nothing", "Owner", "TopicArn", "EffectiveDeliveryPolicy"):
            with self.subTest(name), self.invalid("Invalid parameter: AttributeName"):
                SNS.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue="x")
        with self.invalid(pattern("^Invalid parameter: Attributes Reason: ")):
            self.topic(Nothing="x")

    def test_each_attribute_reads_back_and_resets(self):
        arn = self.topic()
        policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": arn}]})
        for name, value in (
            ("DisplayName", "Größe"), ("KmsMasterKeyId", "alias/aws/sns"), ("SignatureVersion", "2"), ("TracingConfig", "Active"), ("Policy", policy),
            ("SQSSuccessFeedbackRoleArn", "arn:aws:iam::000000000000:role/r"), ("HTTPFailureFeedbackRoleArn", "arn:aws:iam::000000000000:role/r"),
            ("LambdaSuccessFeedbackSampleRate", "100"), ("FirehoseSuccessFeedbackSampleRate", "0"), ("ApplicationSuccessFeedbackSampleRate", "7"),
        ):
            with self.subTest(name):
                before = self.topic_attributes(arn)
                SNS.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
                self.assertEqual(value, self.topic_attributes(arn)[name])
                SNS.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue="")
                self.assertEqual(before, self.topic_attributes(arn))

    def test_values_that_can_not_be_are_refused(self):
        arn = self.topic()
        for name, value in (
            ("DisplayName", "d" * 101), ("SignatureVersion", "3"), ("TracingConfig", "On"), ("Policy", "{"), ("Policy", '{"Statement":[]}'), ("DeliveryPolicy", "x"),
            ("SQSSuccessFeedbackSampleRate", "101"), ("SQSSuccessFeedbackRoleArn", "role"), ("ContentBasedDeduplication", "true"), ("FifoTopic", "true"),
        ):
            with self.subTest(name), self.invalid(pattern("^Invalid parameter: ")):
                SNS.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
        SNS.set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="d" * 100)

    def test_a_delivery_policy_counts(self):
        arn = self.topic()
        SNS.set_topic_attributes(TopicArn=arn, AttributeName="DeliveryPolicy", AttributeValue=json.dumps({"http": {"defaultRequestPolicy": {"headerContentType": "application/json"}}}))
        attributes = self.topic_attributes(arn)
        self.assertEqual({"http": {"disableSubscriptionOverrides": False, "defaultRequestPolicy": {"headerContentType": "application/json"}}}, json.loads(attributes["DeliveryPolicy"]))
        self.assertEqual("application/json", json.loads(attributes["EffectiveDeliveryPolicy"])["http"]["defaultRequestPolicy"]["headerContentType"])

    def test_arns_that_are_none_are_told_apart(self):
        with self.no_topic():
            SNS.get_topic_attributes(TopicArn=NOWHERE)
        for arn, text in (
            ("x", "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"),
            ("arn:aws:sns:us-east-1:000000000000", "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 5"),
            ("arn:aws:sqs:us-east-1:000000000000:q", "Invalid parameter: TopicArn"),
            ("arn:aws:sns:eu-west-1:000000000000:t", "Invalid parameter: TopicArn"),
        ):
            with self.subTest(arn), self.invalid(text):
                SNS.get_topic_attributes(TopicArn=arn)

    def test_regions_have_topics_of_their_own(self):
        name = unique("t")
        other = client("sns", region_name="eu-west-1")
        arn = self.topic(name, sns=other)
        self.assertEqual(f"arn:aws:sns:eu-west-1:{ACCOUNT}:{name}", arn)
        self.assertIn({"TopicArn": arn}, self.pages(other.list_topics, "Topics")[0])
        self.assertNotIn({"TopicArn": arn}, self.pages(SNS.list_topics, "Topics")[0])


class Lists(SnsCase):
    def test_a_page_has_a_hundred(self):
        sns = client("sns", aws_access_key_id="777777777777", aws_secret_access_key="x")
        arns = sorted(self.topic(f"t{number:03}", sns=sns) for number in range(101))
        first = sns.list_topics()
        self.assertEqual(arns[:100], [topic["TopicArn"] for topic in first["Topics"]])
        second = sns.list_topics(NextToken=first["NextToken"])
        self.assertEqual([{"TopicArn": arns[100]}], second["Topics"])
        self.assertNotIn("NextToken", second)

    def test_an_empty_list(self):
        self.assertEqual([], client("sns", aws_access_key_id="777777777778", aws_secret_access_key="x").list_topics()["Topics"])

    def test_a_token_that_is_none(self):
        with self.invalid("Invalid parameter: NextToken"):
            SNS.list_topics(NextToken="?")


class Tags(SnsCase):
    def tags(self, arn):
        return {tag["Key"]: tag["Value"] for tag in SNS.list_tags_for_resource(ResourceArn=arn)["Tags"]}

    def tag(self, arn, **tags):
        SNS.tag_resource(ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()])

    def test_tags_are_added_changed_and_removed(self):
        arn = self.topic(tags={"a": "1"})
        self.tag(arn, a="2", b="")
        self.assertEqual({"a": "2", "b": ""}, self.tags(arn))
        SNS.untag_resource(ResourceArn=arn, TagKeys=["a", "nobody"])
        self.assertEqual({"b": ""}, self.tags(arn))

    def test_letters_that_xml_escapes(self):
        arn = self.topic(tags={"a:b/c & <d>": "\"ü' + = @"})
        self.assertEqual({"a:b/c & <d>": "\"ü' + = @"}, self.tags(arn))

    def test_a_key_twice_is_refused(self):
        arn = self.topic()
        with self.invalid("Invalid parameter: Duplicated keys are not allowed."):
            SNS.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}])

    def test_fifty_are_the_most(self):
        arn = self.topic(tags={f"k{number}": "v" for number in range(50)})
        with self.refused("TagLimitExceeded"):
            self.tag(arn, more="v")
        self.tag(arn, k0="changed")
        self.assertEqual(50, len(self.tags(arn)))

    def test_lengths_hold_on_both_ends(self):
        arn = self.topic()
        SNS.tag_resource(ResourceArn=arn, Tags=[{"Key": "k" * 128, "Value": "v" * 256}])
        for tag in ({"Key": "k" * 129, "Value": "v"}, {"Key": "k", "Value": "v" * 257}, {"Key": "", "Value": "v"}, {"Key": "aws:k", "Value": "v"}):
            with self.subTest(tag), self.invalid():
                SNS.tag_resource(ResourceArn=arn, Tags=[tag])

    def test_a_topic_that_is_not_there(self):
        for call in (
            lambda: SNS.list_tags_for_resource(ResourceArn=NOWHERE),
            lambda: SNS.tag_resource(ResourceArn=NOWHERE, Tags=[{"Key": "a", "Value": "b"}]),
            lambda: SNS.untag_resource(ResourceArn=NOWHERE, TagKeys=["a"]),
        ):
            with self.refused("ResourceNotFound", "Resource does not exist", 404):
                call()


class Permissions(SnsCase):
    def statements(self, arn):
        return json.loads(self.topic_attributes(arn)["Policy"])["Statement"]

    def test_a_permission_comes_and_goes_by_its_label(self):
        arn = self.topic()
        SNS.add_permission(TopicArn=arn, Label="test", AWSAccountId=[OTHER_ACCOUNT], ActionName=["Publish", "Subscribe"])
        self.assertEqual({
            "Sid": "test", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}, "Action": ["SNS:Publish", "SNS:Subscribe"], "Resource": arn,
        }, self.statements(arn)[1])
        SNS.remove_permission(TopicArn=arn, Label="test")
        self.assertEqual(["__default_statement_ID"], [statement["Sid"] for statement in self.statements(arn)])

    def test_a_single_action_stands_alone(self):
        arn = self.topic()
        SNS.add_permission(TopicArn=arn, Label="one", AWSAccountId=[OTHER_ACCOUNT, ACCOUNT], ActionName=["Publish"])
        self.assertEqual("SNS:Publish", self.statements(arn)[1]["Action"])
        self.assertEqual(2, len(self.statements(arn)[1]["Principal"]["AWS"]))

    def test_what_can_not_be_is_refused(self):
        arn = self.topic()
        SNS.add_permission(TopicArn=arn, Label="test", AWSAccountId=[OTHER_ACCOUNT], ActionName=["Publish"])
        for text, request in (
            ("Invalid parameter: Statement already exists", {"Label": "test"}),
            ("Invalid parameter: Policy statement action out of service scope!", {"ActionName": ["Nothing"]}),
            ("Invalid parameter: Policy statement action out of service scope!", {"ActionName": ["*"]}),
            ("Invalid parameter: AWSAccountId", {"AWSAccountId": ["x"]}),
        ):
            with self.subTest(request), self.invalid(text):
                SNS.add_permission(**{"TopicArn": arn, "Label": "other", "AWSAccountId": [OTHER_ACCOUNT], "ActionName": ["Publish"], **request})
        with self.no_topic():
            SNS.add_permission(TopicArn=NOWHERE, Label="l", AWSAccountId=[OTHER_ACCOUNT], ActionName=["Publish"])
        with self.no_topic():
            SNS.remove_permission(TopicArn=NOWHERE, Label="l")


if __name__ == "__main__":
    main()

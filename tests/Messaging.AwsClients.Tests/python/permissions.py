"""Permissions, and the policy that they are kept in.

Rules: Amazon SQS API Reference, "AddPermission", "RemovePermission", "SetQueueAttributes" (Policy); Developer Guide, "Using custom policies with the
Amazon SQS Access Policy Language". The form of statements and the texts: LocalStack's test_sqs_permission_lifecycle, recorded from the service.
"""

import json

from sqs import SQS, Case, main, re

FRIEND = "668614515564"
STRANGER = "123456789012"


class Permissions(Case):
    def add(self, url, label, accounts=(FRIEND,), actions=("ReceiveMessage",)):
        return SQS.add_permission(QueueUrl=url, Label=label, AWSAccountIds=list(accounts), Actions=list(actions))

    def policy(self, url):
        value = self.attributes(url, "Policy").get("Policy")
        return json.loads(value) if value else None

    def statement(self, url, label, accounts, actions):
        return {"Sid": label, "Effect": "Allow", "Principal": {"AWS": accounts}, "Action": actions, "Resource": self.arn(url)}

    def test_a_permission_is_a_statement_of_the_policy(self):
        url = self.queue()
        self.add(url, "first")
        self.assertEqual({
            "Version": "2008-10-17",
            "Id": f"{self.arn(url)}/SQSDefaultPolicy",
            "Statement": [self.statement(url, "first", f"arn:aws:iam::{FRIEND}:root", "SQS:ReceiveMessage")],
        }, self.policy(url))

    def test_several_accounts_and_actions_are_lists(self):
        url = self.queue()
        self.add(url, "several", (FRIEND, STRANGER), ("ReceiveMessage", "SendMessage"))
        (statement,) = self.policy(url)["Statement"]
        self.assertEqual({f"arn:aws:iam::{FRIEND}:root", f"arn:aws:iam::{STRANGER}:root"}, set(statement["Principal"]["AWS"]))
        self.assertEqual({"SQS:ReceiveMessage", "SQS:SendMessage"}, set(statement["Action"]))

    def test_all_actions_at_once(self):
        url = self.queue()
        self.add(url, "all", actions=("*",))
        self.assertEqual("SQS:*", self.policy(url)["Statement"][0]["Action"])

    def test_permissions_are_added_and_removed_one_by_one(self):
        url = self.queue()
        self.add(url, "first")
        self.add(url, "second", (STRANGER,))
        self.assertEqual(["first", "second"], [each["Sid"] for each in self.policy(url)["Statement"]])
        SQS.remove_permission(QueueUrl=url, Label="first")
        self.assertEqual(["second"], [each["Sid"] for each in self.policy(url)["Statement"]])
        SQS.remove_permission(QueueUrl=url, Label="second")
        self.assertNotIn("Policy", self.attributes(url))

    def test_a_label_is_used_once(self):
        url = self.queue()
        self.add(url, "same")
        with self.refused("InvalidParameterValue", "Value same for parameter Label is invalid. Reason: Already exists."):
            self.add(url, "same", (STRANGER,))

    def test_a_label_that_is_not_there(self):
        with self.refused("InvalidParameterValue", "Value nobody for parameter Label is invalid. Reason: can't find label."):
            SQS.remove_permission(QueueUrl=self.queue(), Label="nobody")

    def test_a_label_has_its_characters(self):
        url = self.queue()
        self.add(url, "l" * 80)
        for label in ("l" * 81, "a b", "a.b", "é"):
            with self.subTest(label), self.refused("InvalidParameterValue"):
                self.add(url, label)

    def test_up_to_seven_actions(self):
        url = self.queue()
        actions = ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue")
        self.add(url, "seven", actions=actions[:7])
        with self.refused("OverLimit", status=(403, 400)):
            self.add(url, "eight", actions=actions)

    def test_an_action_is_one_of_the_service(self):
        for action in ("Dance", "AddPermission", "CreateQueue", "SetQueueAttributes"):
            with self.subTest(action), self.refused("InvalidParameterValue", re.compile(
                    f"^Value SQS:{action} for parameter ActionName is invalid. Reason: ")):
                self.add(self.queue(), "l", actions=(action,))

    def test_an_account_has_twelve_digits(self):
        for account in ("1234", "12345678901x", "1234567890123"):
            with self.subTest(account), self.refused("InvalidParameterValue"):
                self.add(self.queue(), "l", accounts=(account,))

    def test_each_parameter_is_required(self):
        url = self.queue()
        whole = {"Label": "l", "AWSAccountIds": [FRIEND], "Actions": ["SendMessage"]}
        for name in whole:
            with self.subTest(name), self.refused("MissingParameter"):
                SQS.add_permission(QueueUrl=url, **{key: value for key, value in whole.items() if key != name})
        with self.refused("MissingParameter", "The request must contain the parameter Label."):
            SQS.remove_permission(QueueUrl=url)

    def test_a_permission_joins_a_policy_that_is_there(self):
        url = self.queue()
        self.set(url, Policy=self.document(url))
        self.add(url, "joined")
        self.assertEqual(["own", "joined"], [each["Sid"] for each in self.policy(url)["Statement"]])

    def document(self, url, **more):
        return json.dumps({"Version": "2012-10-17", "Id": "mine", "Statement": [{
            "Sid": "own", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": self.arn(url),
            "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:topic"}}} | more]})

    def test_a_policy_is_read_as_it_was_written(self):
        url = self.queue()
        document = self.document(url)
        self.set(url, Policy=document)
        self.assertEqual(json.loads(document), self.policy(url))

    def test_an_empty_policy_removes_it(self):
        url = self.queue()
        self.set(url, Policy=self.document(url))
        self.set(url, Policy="")
        self.assertNotIn("Policy", self.attributes(url))

    def test_a_policy_is_checked(self):
        url = self.queue()
        for document in ("no", "[]", '{"Version":"2012-10-17"}', self.document(url, Effect="Perhaps")):
            with self.subTest(document), self.refused("InvalidAttributeValue", re.compile("^Invalid value for the parameter Policy\\.")):
                self.set(url, Policy=document)
        self.assertNotIn("Policy", self.attributes(url))


if __name__ == "__main__":
    main()

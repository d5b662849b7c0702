"""Messages to topics, and how they arrive in queues.

Rules: Amazon SNS API Reference, "Publish", "PublishBatch"; Developer Guide, "Amazon SNS message attributes", "Parsing message formats", "Verifying the signatures"; LocalStack's answers of the service,
recorded in its tests of SNS.
"""

import base64
import json
import unittest
import urllib.error
import urllib.request

from sns import ENDPOINT, NOWHERE, SNS, SnsCase, main, pattern
from sqs import SQS

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
except ImportError:
    x509 = None

UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Published(SnsCase):
    def test_a_notification_arrives_with_the_published_id(self):
        topic, queue, _ = self.subscribed()
        published = SNS.publish(TopicArn=topic, Message="hello <&> ü🚀", Subject="Subject")["MessageId"]
        self.assertRegex(published, UUID)
        notification = self.arrived(queue)
        self.assertEqual(
            ("Notification", published, topic, "Subject", "hello <&> ü🚀", "1"),
            tuple(notification[name] for name in ("Type", "MessageId", "TopicArn", "Subject", "Message", "SignatureVersion")))
        self.assertRegex(notification["Timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    @unittest.skipUnless(x509, "python3-cryptography is missing")
    def test_the_signature_is_that_of_the_certificate(self):
        for version, digest in (("1", hashes.SHA1()), ("2", hashes.SHA256())):
            with self.subTest(version):
                topic, queue, _ = self.subscribed(self.topic(SignatureVersion=version))
                SNS.publish(TopicArn=topic, Message="m", Subject="s")
                notification = self.arrived(queue)
                with urllib.request.urlopen(ENDPOINT + "/" + notification["SigningCertURL"].rsplit("/", 1)[1]) as answer:
                    certificate = x509.load_pem_x509_certificate(answer.read())
                names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
                text = "".join(f"{name}\n{notification[name]}\n" for name in names)
                certificate.public_key().verify(base64.b64decode(notification["Signature"]), text.encode(), padding.PKCS1v15(), digest)

    def test_another_certificate_is_not_there(self):
        self.subscribed()
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{ENDPOINT}/SimpleNotificationService-00.pem")
        caught.exception.close()
        self.assertEqual(404, caught.exception.code)

    def test_raw_delivery_is_the_message_with_its_attributes(self):
        topic, queue, _ = self.subscribed(raw=True)
        attributes = {
            "s": {"DataType": "String", "StringValue": "ü"}, "n": {"DataType": "Number", "StringValue": "1.5"},
            "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}, "a": {"DataType": "String.Array", "StringValue": '["x", 1]'},
        }
        SNS.publish(TopicArn=topic, Message="raw", MessageAttributes=attributes)
        message = self.one(queue, MessageAttributeNames=["All"])
        self.assertEqual("raw", message["Body"])
        self.assertEqual(attributes, message["MessageAttributes"])

    def test_a_notification_has_the_attributes(self):
        topic, queue, _ = self.subscribed()
        SNS.publish(TopicArn=topic, Message="m", MessageAttributes={"s": {"DataType": "String", "StringValue": "v"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00"}})
        self.assertEqual({"s": {"Type": "String", "Value": "v"}, "b": {"Type": "Binary", "Value": "AA=="}}, self.arrived(queue)["MessageAttributes"])

    def test_a_target_may_be_the_topic(self):
        topic, queue, _ = self.subscribed(raw=True)
        SNS.publish(TargetArn=topic, Message="target")
        self.assertEqual("target", self.one(queue)["Body"])

    def test_each_protocol_has_its_text(self):
        topic, queue, _ = self.subscribed(raw=True)
        _, other, _ = self.subscribed(topic)
        SNS.publish(TopicArn=topic, Message=json.dumps({"default": "d", "sqs": "for queues", "http": "h"}), MessageStructure="json")
        self.assertEqual("for queues", self.one(queue)["Body"])
        self.assertEqual("for queues", self.arrived(other)["Message"])
        SNS.publish(TopicArn=topic, Message='{"default": "d"}', MessageStructure="json")
        self.assertEqual("d", self.arrived(other)["Message"])

    def test_filters_decide(self):
        topic, by_attribute, _ = self.subscribed(raw=True, FilterPolicy={"kind": ["wanted"]})
        _, by_body, _ = self.subscribed(topic, raw=True, FilterPolicy={"kind": [{"prefix": "wan"}]}, FilterPolicyScope="MessageBody")
        _, by_array, _ = self.subscribed(topic, raw=True, FilterPolicy={"list": ["x"]})
        SNS.publish(TopicArn=topic, Message='{"kind": "other"}', MessageAttributes={"kind": {"DataType": "String", "StringValue": "wanted"}})
        SNS.publish(TopicArn=topic, Message='{"kind": "wander"}', MessageAttributes={"list": {"DataType": "String.Array", "StringValue": '["y", "x"]'}})
        self.assertEqual(['{"kind": "other"}'], [message["Body"] for message in self.receive(by_attribute, wait=1)])
        self.assertEqual(['{"kind": "wander"}'], [message["Body"] for message in self.receive(by_body, wait=1)])
        self.assertEqual(['{"kind": "wander"}'], [message["Body"] for message in self.receive(by_array, wait=1)])

    def test_a_message_to_nobody_is_taken(self):
        self.assertRegex(SNS.publish(TopicArn=self.topic(), Message="m")["MessageId"], UUID)

    def test_groups_arrive_at_standard_queues(self):
        topic, queue, _ = self.subscribed(raw=True)
        SNS.publish(TopicArn=topic, Message="m", MessageGroupId="tenant")
        self.assertEqual("tenant", self.one(queue, AttributeNames=["All"])["Attributes"]["MessageGroupId"])

    def test_a_queue_that_is_gone_gives_to_the_dead_letter_queue(self):
        dead = self.queue()
        topic, queue, _ = self.subscribed(raw=True, RedrivePolicy={"deadLetterTargetArn": self.arn(dead)})
        SQS.delete_queue(QueueUrl=queue)
        SNS.publish(TopicArn=topic, Message="lost")
        self.assertEqual("lost", self.one(dead)["Body"])


class Refused(SnsCase):
    def test_targets(self):
        with self.no_topic():
            SNS.publish(TopicArn=NOWHERE, Message="m")
        with self.invalid("Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"):
            SNS.publish(Message="m")
        with self.invalid("Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 2"):
            SNS.publish(TopicArn="a:b", Message="m")

    def test_messages(self):
        topic = self.topic()
        with self.invalid("Invalid parameter: Empty message"):
            SNS.publish(TopicArn=topic, Message="")
        for structure, text in (("{}", "Invalid parameter: Message Structure - No default entry in JSON message body"), ("x", "Invalid parameter: Message Structure - JSON message body failed to parse")):
            with self.invalid(text):
                SNS.publish(TopicArn=topic, Message=structure, MessageStructure="json")
        with self.invalid("Invalid parameter: MessageStructure"):
            SNS.publish(TopicArn=topic, Message="m", MessageStructure="xml")
        with self.invalid(pattern("^Invalid parameter: MessageDeduplicationId Reason: ")):
            SNS.publish(TopicArn=topic, Message="m", MessageDeduplicationId="d")

    def test_subjects_hold_on_both_ends(self):
        topic = self.topic()
        SNS.publish(TopicArn=topic, Message="m", Subject="s" * 100)
        for subject in ("", "s" * 101, "a\nb"):
            with self.subTest(subject), self.invalid("Invalid parameter: Subject"):
                SNS.publish(TopicArn=topic, Message="m", Subject=subject)

    def test_sizes_hold_on_both_ends(self):
        topic = self.topic()
        attributes = {"name": {"DataType": "String", "StringValue": "v" * 90}}
        SNS.publish(TopicArn=topic, Message="m" * (262_144 - 100), MessageAttributes=attributes)
        SNS.publish(TopicArn=topic, Message="m" * 262_144)
        with self.invalid("Invalid parameter: Message too long"):
            SNS.publish(TopicArn=topic, Message="m" * 262_145)
        with self.invalid("Invalid parameter: Message too long"):
            SNS.publish(TopicArn=topic, Message="m" * (262_144 - 99), MessageAttributes=attributes)

    def test_attributes(self):
        topic = self.topic()
        for text, name, attribute in (
            ("The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.", "a", {"DataType": "String", "StringValue": ""}),
            ("The message attribute 'a' must contain non-empty message attribute value for message attribute type 'Binary'.", "a", {"DataType": "Binary", "BinaryValue": b""}),
            ("The message attribute 'a' with type 'String' must use field 'String'.", "a", {"DataType": "String", "BinaryValue": b"x"}),
            ("The message attribute 'a' with type 'Binary' must use field 'Binary'.", "a", {"DataType": "Binary", "StringValue": "x"}),
            ("The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", "a", {"DataType": "Text", "StringValue": "x"}),
            ("Length of message attribute name must be less than 256 bytes.", "a" * 257, {"DataType": "String", "StringValue": "x"}),
            (pattern("^Invalid non-alphanumeric character '#x5E' was found in the message attribute name"), "a^b", {"DataType": "String", "StringValue": "x"}),
            ("Invalid message attribute name starting with character '.' was found.", ".a", {"DataType": "String", "StringValue": "x"}),
            ("Invalid message attribute name ending with character '.' was found.", "a.", {"DataType": "String", "StringValue": "x"}),
            ("Message attribute name can not have successive '.' character.", "a..b", {"DataType": "String", "StringValue": "x"}),
        ):
            with self.subTest(text), self.refused("ParameterValueInvalid", text):
                SNS.publish(TopicArn=topic, Message="m", MessageAttributes={name: attribute})
        with self.refused("ValidationError", "1 validation error detected: Value null at 'messageAttributes.a.member.dataType' failed to satisfy constraint: Member must not be null"):
            SNS.publish(TopicArn=topic, Message="m", MessageAttributes={"a": {"StringValue": "x"}})


class Batches(SnsCase):
    def batch(self, topic, *entries):
        return SNS.publish_batch(TopicArn=topic, PublishBatchRequestEntries=list(entries))

    def test_ten_arrive_in_their_order(self):
        topic, queue, _ = self.subscribed()
        answer = self.batch(topic, *({"Id": f"e{number}", "Message": f"m{number}", "Subject": "s"} for number in range(10)))
        self.assertEqual([], answer["Failed"])
        self.assertEqual([f"e{number}" for number in range(10)], [entry["Id"] for entry in answer["Successful"]])
        arrived = [json.loads(message["Body"]) for message in self.drain(queue, 10)]
        self.assertEqual({entry["MessageId"] for entry in answer["Successful"]}, {one["MessageId"] for one in arrived})
        self.assertEqual({f"m{number}" for number in range(10)}, {one["Message"] for one in arrived})

    def test_an_entry_fails_alone(self):
        topic, queue, _ = self.subscribed(raw=True)
        answer = self.batch(topic, {"Id": "good", "Message": "m"}, {"Id": "bad", "Message": "m", "Subject": "a\nb"})
        self.assertEqual(["good"], [entry["Id"] for entry in answer["Successful"]])
        self.assertEqual([{"Id": "bad", "Code": "InvalidParameter", "Message": "Invalid parameter: Subject", "SenderFault": True}], answer["Failed"])
        self.assertEqual(["m"], [message["Body"] for message in self.receive(queue, wait=1)])

    def test_batches_that_can_not_be(self):
        topic = self.topic()
        for code, entries in (
            ("EmptyBatchRequest", []),
            ("TooManyEntriesInBatchRequest", [{"Id": f"e{number}", "Message": "m"} for number in range(11)]),
            ("BatchEntryIdsNotDistinct", [{"Id": "e", "Message": "m"}, {"Id": "e", "Message": "m"}]),
            ("InvalidBatchEntryId", [{"Id": "message.id", "Message": "m"}]),
            ("InvalidBatchEntryId", [{"Id": "e" * 81, "Message": "m"}]),
            ("BatchRequestTooLong", [{"Id": "a", "Message": "m" * 131_072}, {"Id": "b", "Message": "m" * 131_073}]),
        ):
            with self.subTest(code), self.refused(("ValidationError", code) if not entries else code):
                self.batch(topic, *entries)
        self.batch(topic, {"Id": "a" * 80, "Message": "m" * 131_072}, {"Id": "b", "Message": "m" * 131_072})
        with self.no_topic():
            self.batch(NOWHERE, {"Id": "e", "Message": "m"})


if __name__ == "__main__":
    main()

"""Messages: send, receive, delete.

Rules: Amazon SQS API Reference, "SendMessage", "ReceiveMessage", "DeleteMessage", "Message"; Developer Guide, "Amazon SQS message quotas".
Texts of refusals: answers of the service that LocalStack recorded (tests/aws/services/sqs/test_sqs.snapshot.json).
"""

import time

from sqs import SQS, Case, attributes_md5, main, md5, re

MEBIBYTE = 1024 * 1024
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
TRACE = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"}}


class Bodies(Case):
    def check(self, body, url=None):
        url = url or self.queue()
        sent = self.send(url, body)
        message = self.one(url)
        self.assertEqual(body, message["Body"])
        self.assertEqual(md5(body), sent["MD5OfMessageBody"])
        self.assertEqual(md5(body), message["MD5OfBody"])
        self.assertEqual(sent["MessageId"], message["MessageId"])

    def test_one_character_is_enough(self):
        self.check("x")

    def test_an_empty_body_is_a_missing_parameter(self):
        with self.refused("MissingParameter", "The request must contain the parameter MessageBody."):
            self.send(self.queue(), "")

    def test_a_body_is_required(self):
        with self.refused("MissingParameter", "The request must contain the parameter MessageBody."):
            SQS.send_message(QueueUrl=self.queue())

    def test_letters_of_all_planes(self):
        self.check("Grüße, 你好, שלום, 🚀 \U0010ffff \ue000\ufffd\ud7ff")

    def test_what_markup_and_forms_escape(self):
        self.check("<a href=\"x&amp;y\">it's</a> ]]> & + % %20 = ? # \\ / \u0085 \u2028 \x7f\x80")

    def test_spaces_and_lines_stay_as_they_are(self):
        self.check(" \t\n\r\n  \r x \n")

    def test_documents(self):
        self.check('{"a":[1,2,{"b":null}],"c":"\\u00e9\\n"}')
        self.check('<?xml version="1.0"?><a><![CDATA[ <b> ]]></a>')

    def test_characters_that_xml_does_not_know_are_refused(self):
        # "SendMessage", MessageBody: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.
        url = self.queue()
        for character in ("\x00", "\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\ufffe", "\uffff"):
            with self.subTest(hex(ord(character))), self.refused(
                    "InvalidMessageContents", re.compile("(?i)^Invalid .*characters? .*#x9 \\| #xA \\| #xD \\| ")):
                self.send(url, f"a{character}b")
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_a_mebibyte_is_the_most(self):
        url = self.queue()
        self.check("x" * MEBIBYTE, url)
        with self.refused("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."):
            self.send(url, "x" * (MEBIBYTE + 1))

    def test_a_mebibyte_of_what_is_escaped(self):
        self.check("\n" * MEBIBYTE)

    def test_size_is_of_bytes_and_not_of_letters(self):
        url = self.queue()
        self.check("é" * (MEBIBYTE // 2), url)
        with self.refused("InvalidParameterValue"):
            self.send(url, "é" * (MEBIBYTE // 2) + "x")

    def test_a_queue_may_take_less(self):
        url = self.queue(MaximumMessageSize=1024)
        self.check("x" * 1024, url)
        with self.refused("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."):
            self.send(url, "x" * 1025)

    def test_names_types_and_values_of_attributes_count(self):
        # Developer Guide, "Amazon SQS message metadata": name, type, value and body all count.
        url = self.queue(MaximumMessageSize=1024)
        attributes = {"name": {"DataType": "String", "StringValue": "v" * 100}}
        size = len("name") + len("String") + 100
        self.send(url, "x" * (1024 - size), MessageAttributes=attributes)
        with self.refused("InvalidParameterValue"):
            self.send(url, "x" * (1024 - size + 1), MessageAttributes=attributes)

    def test_a_trace_header_does_not_count(self):
        # "SendMessage", MessageSystemAttributes: their size doesn't count towards the total size of a message.
        url = self.queue(MaximumMessageSize=1024)
        self.send(url, "x" * 1024, MessageSystemAttributes=TRACE)


class Sending(Case):
    def test_each_message_has_an_id_of_its_own(self):
        url = self.queue()
        ids = {self.send(url)["MessageId"] for _ in range(5)}
        self.assertEqual(5, len(ids))
        for each in ids:
            self.assertRegex(each, UUID)

    def test_an_answer_tells_nothing_that_is_not_there(self):
        sent = self.send(self.queue())
        for name in ("MD5OfMessageAttributes", "MD5OfMessageSystemAttributes", "SequenceNumber"):
            self.assertNotIn(name, sent)

    def test_a_delay_holds_a_message_back(self):
        url = self.queue()
        since = time.monotonic()
        self.send(url, "later", DelaySeconds=3)
        self.assertEqual([], self.receive(url))
        self.assertEqual((0, 0, 1), self.counts(url))
        with self.takes(2.95, 10, since):
            self.assertEqual("later", self.one(url, wait=5)["Body"])

    def test_a_delay_of_none_beats_that_of_the_queue(self):
        url = self.queue(DelaySeconds=900)
        self.send(url, "now", DelaySeconds=0)
        self.send(url, "later")
        self.assertEqual("now", self.one(url)["Body"])
        self.assertEqual((0, 1, 1), self.counts(url))

    def test_a_delay_holds_on_both_ends_of_its_range(self):
        url = self.queue()
        for seconds in (0, 900):
            self.send(url, DelaySeconds=seconds)
        for seconds in (-1, 901):
            with self.subTest(seconds), self.refused("InvalidParameterValue", f"Value {seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."):
                self.send(url, DelaySeconds=seconds)

    def test_a_trace_header_goes_with_the_message(self):
        url = self.queue()
        sent = self.send(url, MessageSystemAttributes=TRACE)
        self.assertEqual(attributes_md5(TRACE), sent["MD5OfMessageSystemAttributes"])
        self.assertEqual(TRACE["AWSTraceHeader"]["StringValue"], self.one(url, AttributeNames=["AWSTraceHeader"])["Attributes"]["AWSTraceHeader"])

    def test_no_other_system_attribute_can_be_sent(self):
        for name in ("SenderId", "Colour"):
            with self.subTest(name), self.refused("InvalidParameterValue"):
                self.send(self.queue(), MessageSystemAttributes={name: {"DataType": "String", "StringValue": "x"}})

    def test_a_trace_header_is_a_string(self):
        with self.refused("InvalidParameterValue"):
            self.send(self.queue(), MessageSystemAttributes={"AWSTraceHeader": {"DataType": "Number", "StringValue": "1"}})


class Receiving(Case):
    def test_an_empty_queue_answers_without_messages(self):
        self.assertNotIn("Messages", SQS.receive_message(QueueUrl=self.queue()))

    def test_only_what_is_asked_for_is_answered(self):
        url = self.queue()
        self.send(url, MessageAttributes={"a": {"DataType": "String", "StringValue": "b"}})
        self.assertEqual({"MessageId", "ReceiptHandle", "MD5OfBody", "Body"}, set(self.one(url)))

    def test_all_system_attributes(self):
        url = self.queue()
        before = int(time.time() * 1000)
        self.send(url)
        attributes = self.one(url, AttributeNames=["All"])["Attributes"]
        after = int(time.time() * 1000)
        self.assertEqual({"SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"}, set(attributes))
        self.assertEqual("1", attributes["ApproximateReceiveCount"])
        # Milliseconds since 1970: "ReceiveMessage", AttributeNames.
        self.assertTrue(before - 2 <= int(attributes["SentTimestamp"]) <= int(attributes["ApproximateFirstReceiveTimestamp"]) <= after + 2, attributes)

    def test_one_system_attribute(self):
        url = self.queue()
        self.send(url)
        self.assertEqual({"SentTimestamp"}, set(self.one(url, AttributeNames=["SentTimestamp"])["Attributes"]))

    def test_a_system_attribute_that_a_message_lacks_is_left_out(self):
        url = self.queue()
        self.send(url)
        self.assertFalse(self.one(url, AttributeNames=["AWSTraceHeader", "MessageGroupId", "SequenceNumber", "DeadLetterQueueSourceArn"]).get("Attributes"))

    def test_receives_are_counted_and_the_first_is_remembered(self):
        url = self.queue(VisibilityTimeout=0)
        self.send(url)
        first = self.one(url, AttributeNames=["All"])["Attributes"]
        second = self.one(url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(("1", "2"), (first["ApproximateReceiveCount"], second["ApproximateReceiveCount"]))
        self.assertEqual(first["ApproximateFirstReceiveTimestamp"], second["ApproximateFirstReceiveTimestamp"])
        self.assertEqual(first["SentTimestamp"], second["SentTimestamp"])

    def test_one_message_where_no_number_is_asked_for(self):
        url = self.queue()
        for _ in range(3):
            self.send(url)
        self.assertEqual(1, len(SQS.receive_message(QueueUrl=url)["Messages"]))

    def test_up_to_ten_messages(self):
        url = self.queue()
        for number in range(12):
            self.send(url, str(number))
        bodies = [message["Body"] for message in self.drain(url, 12)]
        self.assertEqual({str(number) for number in range(12)}, set(bodies))

    def test_a_number_of_messages_has_its_range(self):
        url = self.queue()
        for number in (0, -1, 11):
            with self.subTest(number), self.refused(
                    "InvalidParameterValue", f"Value {number} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."):
                self.receive(url, most=number)

    def test_a_wait_has_its_range(self):
        url = self.queue()
        for seconds in (-1, 21):
            with self.subTest(seconds), self.refused(
                    "InvalidParameterValue", f"Value {seconds} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."):
                self.receive(url, wait=seconds)

    def test_a_visibility_timeout_has_its_range(self):
        url = self.queue()
        for seconds in (-1, 43201):
            with self.subTest(seconds), self.refused("InvalidParameterValue", re.compile(f"^Value {seconds} for parameter VisibilityTimeout is invalid. Reason: .*0.*43200")):
                self.receive(url, VisibilityTimeout=seconds)

    def test_an_attempt_id_is_for_fifo_queues(self):
        with self.refused("InvalidParameterValue", re.compile("^Value attempt-1 for parameter ReceiveRequestAttemptId is invalid. Reason: ")):
            self.receive(self.queue(), ReceiveRequestAttemptId="attempt-1")

    def test_the_same_message_has_a_new_receipt_each_time(self):
        url = self.queue(VisibilityTimeout=0)
        self.send(url)
        first, second = self.one(url), self.one(url)
        self.assertEqual(first["MessageId"], second["MessageId"])
        self.assertNotEqual(first["ReceiptHandle"], second["ReceiptHandle"])


class Deleting(Case):
    def test_a_deleted_message_is_gone(self):
        url = self.queue(VisibilityTimeout=0)
        self.send(url)
        self.delete(url, self.one(url))
        self.assertEqual([], self.receive(url))
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_deleting_it_again_is_no_error(self):
        url = self.queue()
        self.send(url)
        message = self.one(url)
        for _ in range(3):
            self.delete(url, message)

    def test_a_receipt_holds_after_the_visibility_timeout(self):
        # "DeleteMessage": also a message that is not in flight any more is deleted by the receipt of its last receive.
        url = self.queue()
        self.send(url)
        message = self.one(url, VisibilityTimeout=1)
        time.sleep(1.3)
        self.delete(url, message)
        self.assertEqual([], self.receive(url))
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_an_older_receipt_is_no_error_on_a_standard_queue(self):
        url = self.queue(VisibilityTimeout=0)
        self.send(url)
        first = self.one(url)
        second = self.one(url)
        self.delete(url, first)
        self.delete(url, second)
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_what_is_no_receipt_is_refused(self):
        url = self.queue()
        with self.refused("ReceiptHandleIsInvalid", 'The input receipt handle "garbage" is not a valid receipt handle.', status=(400, 404)):
            SQS.delete_message(QueueUrl=url, ReceiptHandle="garbage")

    def test_a_receipt_of_another_queue_is_refused(self):
        url, other = self.queue(), self.queue()
        self.send(url)
        message = self.one(url)
        with self.refused("ReceiptHandleIsInvalid", status=(400, 404)):
            self.delete(other, message)

    def test_a_receipt_is_required(self):
        with self.refused("MissingParameter", "The request must contain the parameter ReceiptHandle."):
            SQS.delete_message(QueueUrl=self.queue())


if __name__ == "__main__":
    main()

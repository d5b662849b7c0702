"""Attributes of messages: types, limits, names that are asked for, and their MD5.

Rules: Amazon SQS Developer Guide, "Amazon SQS message metadata"; API Reference, "MessageAttributeValue", "ReceiveMessage" (MessageAttributeNames).
"""

from sqs import Case, attributes_md5, main, re


def text(value, kind="String"):
    return {"DataType": kind, "StringValue": value}


def binary(value, kind="Binary"):
    return {"DataType": kind, "BinaryValue": value}


class Types(Case):
    def check(self, **attributes):
        url = self.queue()
        sent = self.send(url, MessageAttributes=attributes)
        message = self.one(url, MessageAttributeNames=["All"])
        self.assertEqual(attributes, message["MessageAttributes"])
        self.assertEqual(attributes_md5(attributes), sent["MD5OfMessageAttributes"])
        self.assertEqual(attributes_md5(attributes), message["MD5OfMessageAttributes"])

    def test_text(self):
        self.check(a=text("b"), b=text("Grüße 🚀\t\n\r<&>\"'"))

    def test_numbers(self):
        self.check(a=text("0", "Number"), b=text("-12.5", "Number"), c=text("1e10", "Number"), d=text("00012", "Number"))

    def test_bytes(self):
        self.check(a=binary(bytes(range(256))), b=binary(b"\x00"))

    def test_types_with_a_label(self):
        self.check(a=text("b", "String.uuid"), b=text("1", "Number.int"), c=binary(b"png", "Binary.png"), d=text("x", "String.a.b"))

    def test_ten_of_them(self):
        self.check(**{f"name-{number}": text(str(number), "Number") for number in range(10)})

    def test_names_of_all_allowed_characters(self):
        self.check(**{"Aa_0-9.z": text("x"), "awsome": text("y"), "Amazonas": text("z")})

    def test_the_md5_is_of_sorted_names(self):
        self.check(b=text("2"), a=text("1"), B=text("3"), A=binary(b"4"))

    def test_a_name_may_have_256_characters(self):
        self.check(**{"n" * 256: text("x")})

    def test_a_type_may_have_256_characters(self):
        self.check(a=text("x", "String." + "t" * 249))


class Refusals(Case):
    def refuse(self, attributes, words="", code="InvalidParameterValue"):
        with self.refused(code, re.compile(words)):
            self.send(self.queue(), MessageAttributes=attributes)

    def test_eleven_are_too_many(self):
        self.refuse({f"a{number}": text("x") for number in range(11)}, r"^Number of message attributes \[11\] exceeds the allowed maximum \[10\]\.$")

    def test_names_have_their_characters(self):
        for name in ("a b", "a!", "a§", "a(", "a?", 'a"', "a/b", "a:b"):
            with self.subTest(name):
                self.refuse({name: text("x")})

    def test_names_do_not_begin_or_end_with_a_dot(self):
        for name in (".a", "a."):
            with self.subTest(name):
                self.refuse({name: text("x")})

    def test_names_have_no_two_dots_together(self):
        # Developer Guide, "Amazon SQS message metadata", Name: no periods in succession.
        self.refuse({"a..b": text("x")})

    def test_reserved_names(self):
        for name in ("AWS.a", "aWs.a", "Amazon.a", "AMAZON.a"):
            with self.subTest(name):
                self.refuse({name: text("x")})

    def test_names_end_at_256_characters(self):
        self.refuse({"n" * 257: text("x")})

    def test_types_end_at_256_characters(self):
        self.refuse({"a": text("x", "String." + "t" * 250)})

    def test_types_have_one_of_three_beginnings(self):
        for kind in ("Text", "string", "String List", "StringList"):
            with self.subTest(kind):
                self.refuse({"a": text("x", kind)}, "attribute 'a'.*type")

    def test_a_type_is_required(self):
        self.refuse({"a": {"StringValue": "x"}}, "(?i)type", code=("InvalidParameterValue", "MissingParameter"))

    def test_a_text_is_not_empty(self):
        # LocalStack's test_send_message_with_empty_string_attribute.
        self.refuse({"ErrorDetails": text("")}, "^Message \\(user\\) attribute 'ErrorDetails' must contain a non-empty value of type 'String'\\.$")

    def test_bytes_are_not_empty(self):
        self.refuse({"a": binary(b"")}, "'a' must contain a non-empty .*type 'Binary'")

    def test_a_value_is_required(self):
        self.refuse({"a": {"DataType": "String"}}, "'a' must contain a non-empty .*type 'String'")

    def test_the_value_is_of_the_type(self):
        for attribute in ({"DataType": "Binary", "StringValue": "x"}, {"DataType": "String", "BinaryValue": b"x"}):
            with self.subTest(attribute):
                self.refuse({"a": attribute})

    def test_numbers_are_numbers(self):
        # Developer Guide, "Amazon SQS message metadata", Number: up to 38 digits, -10^128 to 10^126.
        for value in ("abc", "1.2.3", "0x10", "NaN", "Infinity", "--1", "1e", "1e127", "1" * 39):
            with self.subTest(value):
                self.refuse({"a": text(value, "Number")})

    def test_numbers_have_38_digits(self):
        self.send(self.queue(), MessageAttributes={"a": text("1" * 38, "Number"), "b": text("1e126", "Number"), "c": text("-1e126", "Number")})

    def test_texts_have_the_characters_of_bodies(self):
        # The code is not documented, and differs among our sources.
        self.refuse({"a": text("x\x08y")}, code=("InvalidParameterValue", "InvalidMessageContents"))


class Names(Case):
    """LocalStack's test_receive_message_message_attribute_names_filters, recorded from the service."""

    ALL = {"Hello": text("There"), "General": text("Kenobi"), "Help.Me": text("Me")}

    def asked(self, *names):
        message = self.one(self.url, MessageAttributeNames=list(names))
        got = message.get("MessageAttributes", {})
        # The MD5 is of what is answered, and not of what was sent.
        self.assertEqual(attributes_md5(got) if got else None, message.get("MD5OfMessageAttributes"))
        return set(got)

    def setUp(self):
        self.url = self.queue(VisibilityTimeout=0)
        self.send(self.url, MessageAttributes=self.ALL)

    def test_all_in_three_ways(self):
        for name in ("All", ".*", "*"):
            with self.subTest(name):
                self.assertEqual(set(self.ALL), self.asked(name))

    def test_none_where_none_is_asked_for(self):
        self.assertEqual(set(), self.asked())

    def test_by_name(self):
        self.assertEqual({"Hello", "General"}, self.asked("Hello", "General"))

    def test_names_that_are_not_there(self):
        self.assertEqual(set(), self.asked("Foo"))
        self.assertEqual({"Hello"}, self.asked("Hello", "Foo"))

    def test_by_their_beginning(self):
        self.assertEqual({"Help.Me"}, self.asked("Help.*"))
        self.assertEqual({"Hello", "Help.Me"}, self.asked("Hel.*"))

    def test_names_that_can_not_be_are_no_error(self):
        self.assertEqual(set(), self.asked("AWS."))
        self.assertEqual(set(), self.asked("..foo"))

    def test_case_counts(self):
        self.assertEqual(set(), self.asked("hello"))


if __name__ == "__main__":
    main()

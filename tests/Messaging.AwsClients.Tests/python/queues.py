"""Queues: create, find, read, change, purge, delete.

Rules: Amazon SQS API Reference, "CreateQueue", "GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes", "PurgeQueue", "DeleteQueue".
Texts of refusals: answers of the service that LocalStack recorded (tests/aws/services/sqs/test_sqs.snapshot.json).
"""

import time

from sqs import ENDPOINT, REGION, SQS, Case, client, main, re, unique

DEFAULTS = {
    "ApproximateNumberOfMessages": "0",
    "ApproximateNumberOfMessagesNotVisible": "0",
    "ApproximateNumberOfMessagesDelayed": "0",
    "DelaySeconds": "0",
    # 1 MiB since August 2025 (Developer Guide, "Amazon SQS message quotas").
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}
# Both sides of each limit: API Reference, "SetQueueAttributes", section "Attributes".
LIMITS = {
    "DelaySeconds": (0, 900),
    "MaximumMessageSize": (1024, 1048576),
    "MessageRetentionPeriod": (60, 1209600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43200),
    "KmsDataKeyReusePeriodSeconds": (60, 86400),
}


class Creating(Case):
    def test_a_url_names_host_account_and_queue(self):
        name = unique()
        url = self.queue(name)
        self.assertRegex(url, "^" + re.escape(ENDPOINT) + r"/\d{12}/" + name + "$")

    def test_a_new_queue_has_the_documented_defaults(self):
        before = int(time.time())
        name = unique()
        attributes = self.attributes(self.queue(name))
        created, modified = int(attributes.pop("CreatedTimestamp")), int(attributes.pop("LastModifiedTimestamp"))
        self.assertRegex(attributes.pop("QueueArn"), rf"^arn:aws:sqs:{REGION}:\d{{12}}:{name}$")
        self.assertEqual(DEFAULTS, attributes)
        self.assertEqual(created, modified)
        self.assertTrue(before - 1 <= created <= time.time() + 1)

    def test_a_new_fifo_queue_has_the_documented_defaults(self):
        attributes = self.attributes(self.fifo())
        for name in ("CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"):
            attributes.pop(name)
        self.assertEqual(DEFAULTS | {
            "FifoQueue": "true", "ContentBasedDeduplication": "false", "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"}, attributes)

    def test_a_name_may_have_1_to_80_characters(self):
        self.queue("x" + unique()[2:] + "_-" + "n" * 65)
        for name in ("n" * 81, "dots.are.not", "a b", "ü", "slash/ed"):
            with self.subTest(name), self.refused("InvalidParameterValue", re.compile("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")):
                SQS.create_queue(QueueName=name)

    def test_a_name_is_required(self):
        with self.refused("MissingParameter", "The request must contain the parameter QueueName."):
            SQS.create_queue()

    def test_the_suffix_of_a_fifo_name_counts_in_its_80_characters(self):
        stem = unique()
        self.queue(stem + "f" * (75 - len(stem)) + ".fifo", FifoQueue="true")
        with self.refused("InvalidParameterValue"):
            self.queue(stem + "f" * (76 - len(stem)) + ".fifo", FifoQueue="true")

    def test_a_fifo_queue_needs_the_suffix(self):
        with self.refused("InvalidParameterValue", "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
                          "must end with .fifo suffix and be 1 to 80 in length."):
            self.queue(FifoQueue="true")

    def test_a_standard_queue_can_not_have_the_suffix(self):
        with self.refused("InvalidParameterValue", re.compile("^Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")):
            self.queue(unique() + ".fifo")

    def test_fifo_is_not_said_to_be_false(self):
        # LocalStack's test_create_standard_queue_with_fifo_attribute_raises_error: a standard queue is one that doesn't say.
        with self.refused("InvalidAttributeName", "Unknown Attribute FifoQueue."):
            self.queue(FifoQueue="false")

    def test_attributes_of_fifo_queues_are_refused_for_standard_ones(self):
        for name, value, text in (
            ("ContentBasedDeduplication", "true", "Unknown Attribute ContentBasedDeduplication."),
            ("DeduplicationScope", "queue", "You can specify the DeduplicationScope only when FifoQueue is set to true."),
            ("FifoThroughputLimit", "perQueue", "You can specify the FifoThroughputLimit only when FifoQueue is set to true."),
        ):
            with self.subTest(name), self.refused("InvalidAttributeName", text):
                self.queue(**{name: value})

    def test_creating_it_again_with_the_same_attributes_gives_the_same_url(self):
        name = unique()
        url = self.queue(name, VisibilityTimeout=41, DelaySeconds=1)
        self.assertEqual(url, self.queue(name, VisibilityTimeout=41, DelaySeconds=1))

    def test_creating_it_again_without_attributes_gives_the_same_url(self):
        # API Reference, "CreateQueue", QueueNameExists: only values that were provided are compared.
        name = unique()
        self.assertEqual(self.queue(name, VisibilityTimeout=41), self.queue(name))
        self.assertEqual("41", self.attributes(self.queue(name), "VisibilityTimeout")["VisibilityTimeout"])

    def test_creating_it_again_with_a_part_of_its_attributes_gives_the_same_url(self):
        name = unique()
        self.assertEqual(self.queue(name, VisibilityTimeout=41, DelaySeconds=3), self.queue(name, DelaySeconds=3))

    def test_creating_it_again_compares_with_what_it_is_now(self):
        name = unique()
        url = self.queue(name, DelaySeconds=1)
        self.set(url, DelaySeconds=2)
        self.assertEqual(url, self.queue(name, DelaySeconds=2))
        with self.refused("QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute DelaySeconds"):
            self.queue(name, DelaySeconds=1)

    def test_creating_it_again_with_another_value_names_the_attribute(self):
        name = unique()
        self.queue(name)
        for attribute, value in (("VisibilityTimeout", 31), ("MaximumMessageSize", 2048), ("MessageRetentionPeriod", 60)):
            with self.subTest(attribute), self.refused(
                    "QueueAlreadyExists", f"A queue already exists with the same name and a different value for attribute {attribute}"):
                self.queue(name, **{attribute: value})

    def test_creating_a_fifo_queue_again_with_another_value_names_the_attribute(self):
        name = unique() + ".fifo"
        self.queue(name, FifoQueue="true", ContentBasedDeduplication="true")
        with self.refused("QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute ContentBasedDeduplication"):
            self.queue(name, FifoQueue="true", ContentBasedDeduplication="false")

    def test_an_unknown_attribute_is_named(self):
        with self.refused("InvalidAttributeName", "Unknown Attribute Colour."):
            self.queue(Colour="red")

    def test_attributes_that_the_service_counts_can_not_be_set(self):
        for name in ("QueueArn", "CreatedTimestamp", "LastModifiedTimestamp", "ApproximateNumberOfMessages",
                     "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"):
            with self.subTest(name), self.refused("InvalidAttributeName", f"Unknown Attribute {name}."):
                self.queue(**{name: "1"})

    def test_each_number_holds_on_both_ends_of_its_range(self):
        for name, ends in LIMITS.items():
            for value in ends:
                with self.subTest(name, value=value):
                    more = {"KmsMasterKeyId": "alias/aws/sqs"} if name.startswith("Kms") else {}
                    self.assertEqual(str(value), self.attributes(self.queue(**{name: value}, **more), name).get(name))

    def test_each_number_is_refused_beyond_its_range(self):
        for name, (least, most) in LIMITS.items():
            for value in (least - 1, most + 1, "many", "1.5"):
                with self.subTest(name, value=value), self.refused("InvalidAttributeValue", re.compile(f"^Invalid value for the parameter {name}\\.")):
                    self.queue(**{name: value})

    def test_words_of_fifo_queues_are_checked(self):
        for name in ("DeduplicationScope", "FifoThroughputLimit", "ContentBasedDeduplication"):
            with self.subTest(name), self.refused("InvalidAttributeValue", re.compile(f"^Invalid value for the parameter {name}\\.")):
                self.fifo(**{name: "sometimes"})

    def test_a_throughput_for_each_group_needs_deduplication_for_each_group(self):
        # Developer Guide, "High throughput for FIFO queues"; API Reference, "CreateQueue", FifoThroughputLimit.
        url = self.fifo(FifoThroughputLimit="perMessageGroupId", DeduplicationScope="messageGroup")
        self.assertEqual("perMessageGroupId", self.attributes(url)["FifoThroughputLimit"])
        with self.refused("InvalidAttributeValue"):
            self.fifo(FifoThroughputLimit="perMessageGroupId", DeduplicationScope="queue")
        with self.refused("InvalidAttributeValue"):
            self.fifo(FifoThroughputLimit="perMessageGroupId")

    def test_two_ways_of_encryption_exclude_each_other(self):
        # LocalStack's test_sse_kms_and_sqs_are_mutually_exclusive.
        url = self.queue()
        with self.refused("InvalidAttributeName", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."):
            self.set(url, KmsMasterKeyId="testKeyId", SqsManagedSseEnabled="true")
        with self.refused(("InvalidAttributeName", "InvalidAttributeValue")):
            self.queue(KmsMasterKeyId="testKeyId", SqsManagedSseEnabled="true")

    def test_a_key_takes_the_place_of_managed_encryption(self):
        attributes = self.attributes(self.queue(KmsMasterKeyId="alias/aws/sqs", KmsDataKeyReusePeriodSeconds=600))
        self.assertEqual(("alias/aws/sqs", "600", "false"), tuple(attributes.get(name) for name in (
            "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled")))

    def test_tags_come_with_the_creation(self):
        url = self.queue(tags={"team": "a", "empty": ""})
        self.assertEqual({"team": "a", "empty": ""}, SQS.list_queue_tags(QueueUrl=url)["Tags"])

    def test_accounts_and_regions_are_worlds_of_their_own(self):
        # An access key of 12 digits is the account, which is how test suites have several accounts on one endpoint.
        name = unique()
        other = client(aws_access_key_id="123456789012", aws_secret_access_key="x", region_name="eu-west-1")
        url = other.create_queue(QueueName=name)["QueueUrl"]
        self.assertTrue(url.endswith(f"/123456789012/{name}"), url)
        self.assertEqual(f"arn:aws:sqs:eu-west-1:123456789012:{name}", self.arn(url, sqs=other))
        with self.missing_queue():
            SQS.get_queue_url(QueueName=name)


class Finding(Case):
    def test_a_url_is_found_by_its_name(self):
        name = unique()
        url = self.queue(name)
        self.assertEqual(url, SQS.get_queue_url(QueueName=name)["QueueUrl"])

    def test_a_url_is_found_by_name_and_owner(self):
        name = unique()
        url = self.queue(name)
        self.assertEqual(url, SQS.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=url.split("/")[-2])["QueueUrl"])

    def test_a_queue_that_nobody_made_is_missing(self):
        with self.missing_queue():
            SQS.get_queue_url(QueueName=unique())

    def test_each_operation_on_a_missing_queue_says_so(self):
        url = self.queue()
        missing = url.rsplit("/", 1)[0] + "/" + unique()
        entry = {"Id": "a", "ReceiptHandle": "x"}
        calls = {
            "send_message": {"MessageBody": "x"},
            "send_message_batch": {"Entries": [{"Id": "a", "MessageBody": "x"}]},
            "receive_message": {},
            "delete_message": {"ReceiptHandle": "x"},
            "delete_message_batch": {"Entries": [entry]},
            "change_message_visibility": {"ReceiptHandle": "x", "VisibilityTimeout": 1},
            "change_message_visibility_batch": {"Entries": [entry | {"VisibilityTimeout": 1}]},
            "get_queue_attributes": {"AttributeNames": ["All"]},
            "set_queue_attributes": {"Attributes": {"DelaySeconds": "1"}},
            "list_queue_tags": {},
            "tag_queue": {"Tags": {"a": "b"}},
            "untag_queue": {"TagKeys": ["a"]},
            "add_permission": {"Label": "l", "AWSAccountIds": ["123456789012"], "Actions": ["SendMessage"]},
            "remove_permission": {"Label": "l"},
            "purge_queue": {},
            "delete_queue": {},
            "list_dead_letter_source_queues": {},
        }
        for name, request in calls.items():
            with self.subTest(name), self.missing_queue():
                getattr(SQS, name)(QueueUrl=missing, **request)


class Reading(Case):
    def test_only_what_is_asked_for_is_answered(self):
        url = self.queue()
        self.assertEqual({"VisibilityTimeout", "DelaySeconds"}, set(self.attributes(url, "VisibilityTimeout", "DelaySeconds")))

    def test_nothing_is_answered_where_nothing_is_asked_for(self):
        self.assertEqual({}, SQS.get_queue_attributes(QueueUrl=self.queue()).get("Attributes", {}))

    def test_all_includes_what_is_named_beside_it(self):
        url = self.queue()
        self.assertEqual(set(self.attributes(url)), set(self.attributes(url, "All", "DelaySeconds")))

    def test_an_attribute_without_a_value_is_left_out(self):
        self.assertEqual({}, self.attributes(self.queue(), "Policy", "RedrivePolicy", "FifoQueue", "KmsMasterKeyId", "RedriveAllowPolicy"))

    def test_an_unknown_name_is_refused(self):
        with self.refused("InvalidAttributeName", "Unknown Attribute Colour."):
            self.attributes(self.queue(), "Colour")

    def test_messages_are_counted_by_state(self):
        url = self.queue()
        for _ in range(3):
            self.send(url)
        self.send(url, DelaySeconds=900)
        self.one(url)
        self.eventually(lambda: self.assertEqual((2, 1, 1), self.counts(url)))


class Changing(Case):
    def test_each_attribute_is_read_as_it_was_set(self):
        url = self.queue()
        wanted = {"DelaySeconds": "5", "MaximumMessageSize": "2048", "MessageRetentionPeriod": "3600", "ReceiveMessageWaitTimeSeconds": "7", "VisibilityTimeout": "69"}
        self.set(url, **wanted)
        self.assertEqual(wanted, {name: value for name, value in self.attributes(url).items() if name in wanted})

    def test_what_is_not_named_stays(self):
        url = self.queue(VisibilityTimeout=41, DelaySeconds=3)
        self.set(url, DelaySeconds=4)
        self.assertEqual({"VisibilityTimeout": "41", "DelaySeconds": "4"}, self.attributes(url, "VisibilityTimeout", "DelaySeconds"))

    def test_a_change_moves_the_time_of_the_last_one(self):
        url = self.queue()
        created = self.attributes(url)["CreatedTimestamp"]
        time.sleep(1.1)
        self.set(url, DelaySeconds=1)
        attributes = self.attributes(url)
        self.assertEqual(created, attributes["CreatedTimestamp"])
        self.assertGreater(int(attributes["LastModifiedTimestamp"]), int(created))

    def test_one_wrong_value_changes_nothing(self):
        url = self.queue()
        with self.refused("InvalidAttributeValue", re.compile("^Invalid value for the parameter VisibilityTimeout\\.")):
            self.set(url, DelaySeconds=9, VisibilityTimeout=43201)
        self.assertEqual("0", self.attributes(url)["DelaySeconds"])

    def test_values_beyond_their_range_are_refused(self):
        url = self.queue()
        for name, (least, most) in LIMITS.items():
            for value in (least - 1, most + 1, "many"):
                with self.subTest(name, value=value), self.refused("InvalidAttributeValue", re.compile(f"^Invalid value for the parameter {name}\\.")):
                    self.set(url, **{name: value})

    def test_the_type_of_a_queue_stays(self):
        standard, fifo = self.queue(), self.fifo()
        with self.refused("InvalidAttributeName", "Unknown Attribute FifoQueue."):
            self.set(standard, FifoQueue="true")
        with self.refused("InvalidAttributeValue", "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported."):
            self.set(fifo, FifoQueue="false")

    def test_a_fifo_queue_may_be_said_to_be_one(self):
        url = self.fifo()
        self.set(url, FifoQueue="true", DelaySeconds=1)
        self.assertEqual("1", self.attributes(url)["DelaySeconds"])

    def test_attributes_of_fifo_queues_are_refused_for_standard_ones(self):
        with self.refused("InvalidAttributeName", "Unknown Attribute ContentBasedDeduplication."):
            self.set(self.queue(), ContentBasedDeduplication="true")

    def test_an_unknown_attribute_is_named(self):
        with self.refused("InvalidAttributeName", "Unknown Attribute Colour."):
            self.set(self.queue(), Colour="red")

    def test_attributes_that_the_service_counts_can_not_be_set(self):
        with self.refused("InvalidAttributeName", "Unknown Attribute QueueArn."):
            self.set(self.queue(), QueueArn="arn:aws:sqs:us-east-1:000000000000:x")

    def test_attributes_are_required(self):
        with self.refused("MissingParameter", re.compile("^The request must contain the parameter Attribute")):
            SQS.set_queue_attributes(QueueUrl=self.queue())

    def test_deduplication_by_content_is_switched_on_and_off(self):
        url = self.fifo()
        for value in ("true", "false"):
            self.set(url, ContentBasedDeduplication=value)
            self.assertEqual(value, self.attributes(url)["ContentBasedDeduplication"])

    def test_high_throughput_is_switched_on_and_off(self):
        url = self.fifo()
        for scope, limit in (("messageGroup", "perMessageGroupId"), ("queue", "perQueue")):
            self.set(url, DeduplicationScope=scope, FifoThroughputLimit=limit)
            attributes = self.attributes(url)
            self.assertEqual((scope, limit), (attributes["DeduplicationScope"], attributes["FifoThroughputLimit"]))

    def test_encryption_goes_from_one_way_to_the_other(self):
        # LocalStack's test_sse_queue_attributes and test_set_queue_attributes_default_values.
        url = self.queue()
        self.set(url, KmsMasterKeyId="testKeyId", KmsDataKeyReusePeriodSeconds=6000, SqsManagedSseEnabled="false")
        names = ("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled")
        self.assertEqual({"KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "6000", "SqsManagedSseEnabled": "false"}, self.attributes(url, *names))
        self.set(url, SqsManagedSseEnabled="true")
        attributes = self.attributes(url, *names)
        self.assertEqual((None, "true"), (attributes.get("KmsMasterKeyId"), attributes["SqsManagedSseEnabled"]))

    def test_an_empty_key_removes_it(self):
        url = self.queue(KmsMasterKeyId="testKeyId")
        self.set(url, KmsMasterKeyId="")
        self.assertNotIn("KmsMasterKeyId", self.attributes(url))

    def test_a_shorter_retention_holds_for_messages_that_are_there(self):
        # API Reference, "SetQueueAttributes", MessageRetentionPeriod: it applies to existing messages.
        url = self.queue()
        self.send(url)
        self.set(url, MessageRetentionPeriod=60)
        self.assertEqual((1, 0, 0), self.counts(url))

    def test_a_delay_of_the_queue_is_for_messages_that_come_later(self):
        # Developer Guide, "Amazon SQS delay queues": for standard queues a change does not touch the delay of messages that are there.
        url = self.queue()
        self.send(url, "early")
        self.set(url, DelaySeconds=900)
        self.assertEqual("early", self.one(url)["Body"])
        self.send(url, "late")
        self.assertEqual((0, 1, 1), self.counts(url))


class Purging(Case):
    def test_all_messages_are_gone_whatever_their_state(self):
        url = self.queue()
        for _ in range(3):
            self.send(url)
        self.send(url, DelaySeconds=900)
        self.one(url)
        SQS.purge_queue(QueueUrl=url)
        self.eventually(lambda: self.assertEqual((0, 0, 0), self.counts(url)))
        self.assertEqual([], self.receive(url))

    def test_a_queue_works_after_a_purge(self):
        url = self.queue()
        self.send(url, "before")
        SQS.purge_queue(QueueUrl=url)
        self.send(url, "after")
        self.assertEqual("after", self.one(url)["Body"])

    def test_a_receipt_of_before_deletes_nothing_and_is_no_error(self):
        url = self.queue()
        self.send(url)
        message = self.one(url)
        SQS.purge_queue(QueueUrl=url)
        self.delete(url, message)


class Deleting(Case):
    def test_a_deleted_queue_is_missing(self):
        name = unique()
        url = self.queue(name)
        self.send(url)
        SQS.delete_queue(QueueUrl=url)
        with self.missing_queue():
            SQS.get_queue_url(QueueName=name)
        with self.missing_queue():
            self.send(url)
        self.assertNotIn(url, SQS.list_queues(QueueNamePrefix=name).get("QueueUrls", []))

    def test_a_queue_of_the_same_name_is_a_new_one(self):
        name = unique()
        url = self.queue(name, VisibilityTimeout=7)
        self.send(url)
        SQS.delete_queue(QueueUrl=url)
        self.assertEqual(url, self.queue(name, DelaySeconds=2))
        attributes = self.attributes(url)
        self.assertEqual(("30", "2", (0, 0, 0)), (attributes["VisibilityTimeout"], attributes["DelaySeconds"], self.counts(url)))


if __name__ == "__main__":
    main()

"""Tags of queues.

Rules: Amazon SQS API Reference, "TagQueue", "UntagQueue", "ListQueueTags"; Developer Guide, "Amazon SQS cost allocation tags" and its quotas.
"""

from sqs import SQS, Case, main, re


class Tags(Case):
    def tags(self, url):
        return SQS.list_queue_tags(QueueUrl=url).get("Tags", {})

    def test_a_queue_without_tags_tells_none(self):
        self.assertNotIn("Tags", SQS.list_queue_tags(QueueUrl=self.queue()))

    def test_tags_are_added_changed_and_removed(self):
        # LocalStack's test_tag_untag_queue, with its empty value.
        url = self.queue()
        SQS.tag_queue(QueueUrl=url, Tags={"tag1": "value1", "tag2": "value2", "tag3": ""})
        self.assertEqual({"tag1": "value1", "tag2": "value2", "tag3": ""}, self.tags(url))
        SQS.tag_queue(QueueUrl=url, Tags={"tag2": "other", "tag4": "value4"})
        self.assertEqual({"tag1": "value1", "tag2": "other", "tag3": "", "tag4": "value4"}, self.tags(url))
        SQS.untag_queue(QueueUrl=url, TagKeys=["tag1", "tag3", "tag4"])
        self.assertEqual({"tag2": "other"}, self.tags(url))
        SQS.untag_queue(QueueUrl=url, TagKeys=["tag2"])
        self.assertNotIn("Tags", SQS.list_queue_tags(QueueUrl=url))

    def test_keys_that_are_not_there_are_ignored(self):
        url = self.queue(tags={"a": "b"})
        SQS.untag_queue(QueueUrl=url, TagKeys=["a", "nobody"])
        self.assertEqual({}, self.tags(url))

    def test_case_counts(self):
        url = self.queue()
        SQS.tag_queue(QueueUrl=url, Tags={"Key": "1", "key": "2"})
        self.assertEqual({"Key": "1", "key": "2"}, self.tags(url))

    def test_letters_of_all_kinds(self):
        tags = {"Größe 你好": "ü + - = . _ : / @ ", "a:b/c": "<&>\"'"}
        url = self.queue()
        SQS.tag_queue(QueueUrl=url, Tags=tags)
        self.assertEqual(tags, self.tags(url))

    def test_lengths_hold_on_both_ends(self):
        url = self.queue()
        SQS.tag_queue(QueueUrl=url, Tags={"k" * 128: "v" * 256, "k": ""})
        for tags in ({"k" * 129: "v"}, {"k": "v" * 257}, {"": "v"}):
            with self.subTest(tags), self.refused("InvalidParameterValue"):
                SQS.tag_queue(QueueUrl=url, Tags=tags)
        self.assertEqual({"k" * 128: "v" * 256, "k": ""}, self.tags(url))

    def test_fifty_are_the_most(self):
        url = self.queue(tags={f"k{number}": "v" for number in range(50)})
        with self.refused("InvalidParameterValue", re.compile("^Too many tags added for queue ")):
            SQS.tag_queue(QueueUrl=url, Tags={"one-more": "v"})
        SQS.tag_queue(QueueUrl=url, Tags={"k0": "changed"})
        self.assertEqual(50, len(self.tags(url)))

    def test_too_many_at_once(self):
        url = self.queue()
        with self.refused("InvalidParameterValue", re.compile("^Too many tags added for queue ")):
            SQS.tag_queue(QueueUrl=url, Tags={f"k{number}": "v" for number in range(51)})
        self.assertEqual({}, self.tags(url))

    def test_a_creation_takes_no_more_than_fifty(self):
        with self.refused("InvalidParameterValue"):
            self.queue(tags={f"k{number}": "v" for number in range(51)})

    def test_tags_are_required(self):
        url = self.queue()
        with self.refused("MissingParameter", re.compile("^The request must contain the parameter Tag")):
            SQS.tag_queue(QueueUrl=url)
        with self.refused("MissingParameter", re.compile("^The request must contain the parameter TagKey")):
            SQS.untag_queue(QueueUrl=url)

    def test_a_creation_with_other_tags_is_no_other_queue(self):
        # API Reference, "CreateQueue": only attributes are compared; tags of a queue that exists stay as they are.
        url = self.queue(tags={"a": "b"})
        self.assertEqual(url, self.queue(url.rsplit("/", 1)[1], tags={"c": "d"}))
        self.assertEqual({"a": "b"}, self.tags(url))

    def test_tags_end_with_their_queue(self):
        url = self.queue(tags={"a": "b"})
        SQS.delete_queue(QueueUrl=url)
        self.assertEqual(url, self.queue(url.rsplit("/", 1)[1]))
        self.assertEqual({}, self.tags(url))


if __name__ == "__main__":
    main()

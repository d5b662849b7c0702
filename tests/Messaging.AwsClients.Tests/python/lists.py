"""Lists of queues: prefixes and pages.

Rules: Amazon SQS API Reference, "ListQueues": up to 1,000; a token to go on only where the call says how many it wants; the key is missing where
there is none.
"""

from sqs import SQS, Case, client, main, unique


class Lists(Case):
    def many(self, count):
        prefix = unique("list")
        return prefix, sorted(self.queue(f"{prefix}-{number:02}") for number in range(count))

    def test_by_prefix(self):
        prefix, urls = self.many(3)
        self.assertEqual(urls, sorted(SQS.list_queues(QueueNamePrefix=prefix)["QueueUrls"]))

    def test_a_prefix_is_the_beginning_and_case_counts(self):
        prefix, _ = self.many(1)
        self.assertNotIn("QueueUrls", SQS.list_queues(QueueNamePrefix=prefix.upper()))
        self.assertNotIn("QueueUrls", SQS.list_queues(QueueNamePrefix=prefix[1:]))

    def test_without_a_prefix_all_are_listed(self):
        _, urls = self.many(2)
        self.assertTrue(set(urls) <= set(SQS.list_queues()["QueueUrls"]))

    def test_none_is_no_list(self):
        self.assertNotIn("QueueUrls", SQS.list_queues(QueueNamePrefix=unique()))

    def test_a_list_without_a_wish_has_no_token(self):
        prefix, _ = self.many(3)
        self.assertNotIn("NextToken", SQS.list_queues(QueueNamePrefix=prefix))

    def test_pages(self):
        prefix, urls = self.many(7)
        seen, token, sizes = [], {}, []
        while token is not None:
            page = SQS.list_queues(QueueNamePrefix=prefix, MaxResults=3, **token)
            seen += page["QueueUrls"]
            sizes.append(len(page["QueueUrls"]))
            token = {"NextToken": page["NextToken"]} if page.get("NextToken") else None
        self.assertEqual((urls, [3, 3, 1]), (sorted(seen), sizes))
        self.assertEqual(len(seen), len(set(seen)))

    def test_a_last_page_that_is_full_has_no_token(self):
        prefix, _ = self.many(4)
        first = SQS.list_queues(QueueNamePrefix=prefix, MaxResults=2)
        second = SQS.list_queues(QueueNamePrefix=prefix, MaxResults=2, NextToken=first["NextToken"])
        self.assertEqual(2, len(second["QueueUrls"]))
        self.assertNotIn("NextToken", second)

    def test_the_sdks_own_pages(self):
        prefix, urls = self.many(5)
        pages = SQS.get_paginator("list_queues").paginate(QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2})
        self.assertEqual(urls, sorted(url for page in pages for url in page["QueueUrls"]))

    def test_a_page_is_stable_while_queues_come_and_go(self):
        prefix, urls = self.many(4)
        first = SQS.list_queues(QueueNamePrefix=prefix, MaxResults=2)
        SQS.delete_queue(QueueUrl=first["QueueUrls"][0])
        second = SQS.list_queues(QueueNamePrefix=prefix, MaxResults=1000, NextToken=first["NextToken"])
        self.assertEqual(set(urls), set(first["QueueUrls"]) | set(second["QueueUrls"]))

    def test_a_page_has_its_range(self):
        for most in (0, -1, 1001):
            with self.subTest(most), self.refused("InvalidParameterValue"):
                SQS.list_queues(MaxResults=most)

    def test_a_token_is_one_that_was_given(self):
        with self.refused("InvalidParameterValue"):
            SQS.list_queues(MaxResults=2, NextToken="garbage")

    def test_an_account_lists_its_own(self):
        other = client(aws_access_key_id="123456789013", aws_secret_access_key="x")
        name = unique()
        url = other.create_queue(QueueName=name)["QueueUrl"]
        self.assertEqual([url], other.list_queues(QueueNamePrefix=name)["QueueUrls"])
        self.assertNotIn("QueueUrls", SQS.list_queues(QueueNamePrefix=name))


if __name__ == "__main__":
    main()

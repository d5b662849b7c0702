"""Requests whose signature stands in the URL: whoever has the URL makes the call.

Rules: AWS General Reference, "Signature Version 4 for API requests", section "Add the signature to the HTTP request" (query string parameters).
"""

import urllib.error
import urllib.request

import botocore.auth
import botocore.awsrequest
import boto3
from sqs import ENDPOINT, REGION, Case, main, unique


def signed(url, seconds=60):
    request = botocore.awsrequest.AWSRequest("GET", url)
    credentials = boto3.Session().get_credentials()
    botocore.auth.SigV4QueryAuth(credentials, "sqs", REGION, expires=seconds).add_auth(request)
    return request.prepare().url


def get(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


class Presigned(Case):
    def test_a_call_of_the_service(self):
        name = unique()
        url = self.queue(name)
        status, headers, body = get(signed(f"{ENDPOINT}/?Action=GetQueueUrl&QueueName={name}&Version=2012-11-05"))
        self.assertEqual(200, status, body)
        self.assertIn(f"<QueueUrl>{url}</QueueUrl>", body)
        self.assertIn("text/xml", headers["Content-Type"])

    def test_a_call_of_a_queue(self):
        url = self.queue()
        status, _, body = get(signed(f"{url}?Action=SendMessage&MessageBody=hello%20%2B%20you&Version=2012-11-05"))
        self.assertEqual(200, status, body)
        self.assertEqual("hello + you", self.one(url)["Body"])

    def test_an_answer_as_json(self):
        url = self.queue()
        status, headers, body = get(signed(f"{url}?Action=GetQueueAttributes&AttributeName.1=All&Version=2012-11-05"), Accept="application/json")
        self.assertEqual(200, status, body)
        self.assertIn("json", headers["Content-Type"])
        self.assertTrue(body.lstrip().startswith("{"), body)


if __name__ == "__main__":
    main()

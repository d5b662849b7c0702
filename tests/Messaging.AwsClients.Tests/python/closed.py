"""A server that checks signatures: who is let in, and what those are told that are not.

Rules: AWS General Reference, "Signature Version 4 for API requests" and "Troubleshooting AWS Signature Version 4 errors"; Amazon SQS API Reference,
"Common Errors". This server keeps the minutes after a purge and after a deletion as they are by default.
"""

import datetime
import os
import re
import time
import urllib.error
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
from sqs import ENDPOINT, REGION, SQS, Case, client, main, unique

ACCOUNT = os.environ["SQS_ACCOUNT"]
# The names of the Query protocol, and those of AWS JSON.
UNKNOWN_KEY = ("InvalidClientTokenId", "UnrecognizedClientException")
WRONG_SIGNATURE = ("SignatureDoesNotMatch", "InvalidSignatureException")


FORM = "application/x-www-form-urlencoded; charset=utf-8"


class ShiftedHeader(botocore.auth.SigV4Auth):
    """Signs in the header, at another time than now."""

    seconds = 0

    def _modify_request_before_signing(self, request):
        shift(request, self.seconds)
        super()._modify_request_before_signing(request)


class ShiftedQuery(botocore.auth.SigV4QueryAuth):
    """Signs in the URL, at another time than now."""

    seconds = 0

    def _modify_request_before_signing(self, request):
        shift(request, self.seconds)
        super()._modify_request_before_signing(request)


def shift(request, seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    request.context["timestamp"] = moment.strftime("%Y%m%dT%H%M%SZ")


def call(url, method="GET", data=None, headers=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, dict(headers or {}), method=method)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def presigned(url, lifetime=60, seconds=0):
    request = botocore.awsrequest.AWSRequest("GET", url)
    signer = ShiftedQuery(boto3.Session().get_credentials(), "sqs", REGION, expires=lifetime)
    signer.seconds = seconds
    signer.add_auth(request)
    return request.prepare().url


def list_queues(seconds):
    data = "Action=ListQueues&QueueNamePrefix=none&Version=2012-11-05"
    request = botocore.awsrequest.AWSRequest("POST", f"{ENDPOINT}/", data=data, headers={"Content-Type": FORM})
    signer = ShiftedHeader(boto3.Session().get_credentials(), "sqs", REGION)
    signer.seconds = seconds
    signer.add_auth(request)
    prepared = request.prepare()
    return call(prepared.url, "POST", data.encode(), prepared.headers)


class LetIn(Case):
    def test_a_signed_call(self):
        url = self.queue()
        self.assertEqual(ACCOUNT, url.split("/")[-2])
        self.send(url, "signed: Grüße & more")
        self.assertEqual("signed: Grüße & more", self.one(url)["Body"])

    def test_another_region_is_signed_for_itself(self):
        sqs = client(region_name="eu-central-1")
        name = unique()
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        self.assertEqual(f"arn:aws:sqs:eu-central-1:{ACCOUNT}:{name}", self.arn(url, sqs=sqs))

    def test_a_large_body_is_signed(self):
        url = self.queue()
        self.send(url, "\n" * 200_000)
        self.assertEqual(200_000, len(self.one(url)["Body"]))

    def test_a_presigned_url(self):
        url = self.queue()
        status, body = call(presigned(f"{url}?Action=SendMessage&MessageBody=a%20b%2Bc~&Version=2012-11-05"))
        self.assertEqual(200, status, body)
        self.assertEqual("a b+c~", self.one(url)["Body"])

    def test_the_caller_is_the_account(self):
        self.assertEqual(ACCOUNT, client("sts").get_caller_identity()["Account"])


class LeftOut(Case):
    def other(self, key=os.environ["AWS_ACCESS_KEY_ID"], secret=os.environ["AWS_SECRET_ACCESS_KEY"]):
        return client(aws_access_key_id=key, aws_secret_access_key=secret)

    def test_an_unknown_key(self):
        with self.refused(UNKNOWN_KEY, re.compile("^The security token included in the request is invalid\\.?$"), status=403):
            self.other(key="AKIANOBODY0000000000").list_queues()

    def test_a_key_that_would_be_an_account_of_an_open_server(self):
        with self.refused(UNKNOWN_KEY, status=403):
            self.other(key="123456789012").list_queues()

    def test_a_wrong_secret(self):
        with self.refused(WRONG_SIGNATURE, re.compile("^The request signature we calculated does not match the signature you provided."), status=403):
            self.other(secret="wrong").list_queues()

    def tampered(self, change):
        sqs = client()
        sqs.meta.events.register_last("before-send.sqs.*", lambda request, **_: change(request))
        return sqs

    def test_a_changed_body(self):
        url = self.queue()

        def change(request):
            body = request.body if isinstance(request.body, bytes) else request.body.encode()
            request.body = body.replace(b"honest", b"forged")

        with self.refused(WRONG_SIGNATURE, status=403):
            self.tampered(change).send_message(QueueUrl=url, MessageBody="honest")
        self.assertEqual((0, 0, 0), self.counts(url))

    def test_a_changed_header_that_is_signed(self):
        def change(request):
            request.headers["X-Amz-Date"] = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + 1))

        with self.refused(WRONG_SIGNATURE, status=403):
            self.tampered(change).list_queues()

    def authorization(self, request):
        value = request.headers["Authorization"]
        return value.decode() if isinstance(value, bytes) else value

    def test_a_signature_for_another_service(self):
        def change(request):
            request.headers["Authorization"] = self.authorization(request).replace("/sqs/", "/sns/")

        with self.refused(WRONG_SIGNATURE, status=403):
            self.tampered(change).list_queues()

    def test_no_signature(self):
        def change(request):
            del request.headers["Authorization"]

        with self.refused(("MissingAuthenticationToken", "MissingAuthenticationTokenException"), status=(403, 400)):
            self.tampered(change).list_queues()

    def test_a_signature_that_lacks_a_part(self):
        def change(request):
            request.headers["Authorization"] = self.authorization(request).split(", Signature=")[0]

        with self.refused(("IncompleteSignature", "IncompleteSignatureException"), status=(400, 403)):
            self.tampered(change).list_queues()

    def test_a_clock_that_is_twenty_minutes_off(self):
        # "Troubleshooting": a request counts for 15 minutes around its time.
        for minutes in (-20, 20):
            with self.subTest(minutes):
                status, body = list_queues(60 * minutes)
                self.assertIn(status, (400, 403), body)
                self.assertRegex(body, "<Code>(SignatureDoesNotMatch|RequestExpired)</Code>")

    def test_a_clock_that_is_ten_minutes_off_is_let_in(self):
        for minutes in (-10, 10):
            with self.subTest(minutes):
                status, body = list_queues(60 * minutes)
                self.assertEqual(200, status, body)

    def test_a_presigned_url_after_its_time(self):
        url = presigned(f"{ENDPOINT}/?Action=ListQueues&Version=2012-11-05", lifetime=60, seconds=-120)
        status, body = call(url)
        self.assertIn(status, (400, 403), body)
        self.assertRegex(body, "RequestExpired|SignatureDoesNotMatch|AccessDenied")

    def test_a_presigned_url_that_was_changed(self):
        url = presigned(f"{ENDPOINT}/?Action=ListQueues&Version=2012-11-05")
        status, body = call(url.replace("Action=ListQueues", "Action=ListQueues&QueueNamePrefix=x"))
        self.assertEqual(403, status, body)
        self.assertIn("SignatureDoesNotMatch", body)

    def test_a_get_without_a_signature(self):
        status, body = call(f"{ENDPOINT}/?Action=ListQueues&Version=2012-11-05")
        self.assertEqual(403, status, body)
        self.assertIn("MissingAuthenticationToken", body)


class Minutes(Case):
    """What an open server of the tests does not wait for."""

    def test_a_second_purge_within_a_minute(self):
        # LocalStack's test_successive_purge_calls_fail, recorded from the service: 403 in both protocols.
        url = self.queue()
        SQS.purge_queue(QueueUrl=url)
        with self.refused("AWS.SimpleQueueService.PurgeQueueInProgress",
                          f"Only one PurgeQueue operation on {url.rsplit('/', 1)[1]} is allowed every 60 seconds.", status=403):
            SQS.purge_queue(QueueUrl=url)

    def test_a_name_is_blocked_for_a_minute_after_a_deletion(self):
        name = unique()
        SQS.delete_queue(QueueUrl=self.queue(name))
        with self.refused("AWS.SimpleQueueService.QueueDeletedRecently",
                          "You must wait 60 seconds after deleting a queue before you can create another with the same name."):
            self.queue(name)


if __name__ == "__main__":
    main()

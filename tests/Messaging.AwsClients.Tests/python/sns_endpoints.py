"""Endpoints of HTTP: the question, the confirmation by both ways, notifications, and the end.

Rules: Amazon SNS Developer Guide, "Fanout to HTTP/S endpoints", "HTTP/HTTPS subscription confirmation JSON format"; API Reference, "ConfirmSubscription".
"""

import http.server
import json
import queue
import threading
import urllib.request

from sns import ENDPOINT, SNS, SnsCase, main


class Endpoint:
    """A server of HTTP that keeps what it is posted."""

    def __init__(self):
        self.posts = queue.Queue()
        posts = self.posts

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                posts.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def next(self):
        headers, body = self.posts.get(timeout=20)
        return {name.lower(): value for name, value in headers.items()}, json.loads(body)


class Endpoints(SnsCase):
    def endpoint(self):
        endpoint = Endpoint()
        self.addCleanup(endpoint.server.server_close)
        self.addCleanup(endpoint.server.shutdown)
        return endpoint

    def subscribe(self, topic, endpoint):
        return SNS.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint.url, ReturnSubscriptionArn=True)["SubscriptionArn"]

    def test_a_token_confirms_and_notifications_follow(self):
        topic, endpoint = self.topic(), self.endpoint()
        arn = self.subscribe(topic, endpoint)
        headers, question = endpoint.next()
        self.assertEqual(("SubscriptionConfirmation", topic), (headers["x-amz-sns-message-type"], headers["x-amz-sns-topic-arn"]))
        self.assertEqual(("SubscriptionConfirmation", topic), (question["Type"], question["TopicArn"]))
        for _ in range(2):
            self.assertEqual(arn, SNS.confirm_subscription(TopicArn=topic, Token=question["Token"])["SubscriptionArn"])
        self.assertEqual("false", self.subscription(arn)["PendingConfirmation"])
        published = SNS.publish(TopicArn=topic, Message="m")["MessageId"]
        headers, notification = endpoint.next()
        self.assertEqual(("Notification", published, arn), (headers["x-amz-sns-message-type"], headers["x-amz-sns-message-id"], headers["x-amz-sns-subscription-arn"]))
        self.assertEqual((published, "m"), (notification["MessageId"], notification["Message"]))

    def test_the_link_confirms_without_a_signature(self):
        topic, endpoint = self.topic(), self.endpoint()
        arn = self.subscribe(topic, endpoint)
        _, question = endpoint.next()
        # Wherever the server says that it is: the tests reach it under another port.
        with urllib.request.urlopen(f"{ENDPOINT}/?{question['SubscribeURL'].split('?', 1)[1]}") as answer:
            self.assertIn(arn, answer.read().decode())
        attributes = self.subscription(arn)
        self.assertEqual(("false", "false"), (attributes["PendingConfirmation"], attributes["ConfirmationWasAuthenticated"]))

    def test_who_confirms_may_ask_for_signatures(self):
        topic, endpoint = self.topic(), self.endpoint()
        arn = self.subscribe(topic, endpoint)
        _, question = endpoint.next()
        SNS.confirm_subscription(TopicArn=topic, Token=question["Token"], AuthenticateOnUnsubscribe="true")
        self.assertEqual("true", self.subscription(arn)["ConfirmationWasAuthenticated"])

    def test_subscribing_again_asks_again(self):
        topic, endpoint = self.topic(), self.endpoint()
        arn = self.subscribe(topic, endpoint)
        _, lost = endpoint.next()
        self.assertEqual(arn, self.subscribe(topic, endpoint))
        _, question = endpoint.next()
        self.assertEqual(("SubscriptionConfirmation", topic), (question["Type"], question["TopicArn"]))
        self.assertNotEqual(lost["MessageId"], question["MessageId"])
        self.assertEqual(arn, SNS.confirm_subscription(TopicArn=topic, Token=question["Token"])["SubscriptionArn"])
        # One that has agreed is not asked.
        self.assertEqual(arn, self.subscribe(topic, endpoint))
        SNS.publish(TopicArn=topic, Message="m")
        self.assertEqual("Notification", endpoint.next()[1]["Type"])

    def test_a_token_is_of_one_topic(self):
        topic, endpoint = self.topic(), self.endpoint()
        self.subscribe(topic, endpoint)
        _, question = endpoint.next()
        for other, token in ((self.topic(), question["Token"]), (topic, question["Token"][:-1] + ("0" if question["Token"][-1] != "0" else "1"))):
            with self.invalid("Invalid parameter: Token"):
                SNS.confirm_subscription(TopicArn=other, Token=token)


if __name__ == "__main__":
    main()

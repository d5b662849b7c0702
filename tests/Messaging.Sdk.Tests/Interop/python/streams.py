"""Streams: thousands of messages in flight, credit, acknowledgements, both ways to end one, and what becomes of the messages."""

import grpc

from messaging.v1 import message_pb2, queue_service_pb2
from messaging.v1.queue_service_pb2 import StreamReceiveOpen, StreamReceiveRequest
from suite import PATIENCE, QUEUES, Case, Requests, counts, create, main, receive, send


def opened(queue, credit, **options):
    """A stream that receives: its requests, and its responses."""
    requests = Requests(StreamReceiveRequest(open=StreamReceiveOpen(queue=queue, **options), credit=credit))
    return requests, QUEUES.StreamReceive(iter(requests), timeout=PATIENCE)


def deliveries(responses, count):
    messages = []
    while len(messages) < count:
        messages.extend(next(responses).messages)
    return messages


class SendStreams(Case):
    def test_thousands_of_requests_are_in_flight_and_answered_in_their_order(self):
        queue = create()
        # Each request is another number of messages, so that an answer of the wrong one is seen.
        sizes = [1 + number % 3 for number in range(3000)]

        def requests():
            for number, size in enumerate(sizes):
                messages = [message_pb2.OutgoingMessage(body=b"%d" % number) for _ in range(size)]
                yield queue_service_pb2.StreamSendRequest(queue=queue if number == 0 else "", messages=messages)

        responses = QUEUES.StreamSend(requests(), timeout=PATIENCE)
        results = [[result.id for result in response.results] for response in responses]

        # Our side was closed behind the last request, and the stream has ended in order.
        self.assertEqual(grpc.StatusCode.OK, responses.code())
        self.assertEqual(sizes, [len(ids) for ids in results])
        self.assertEqual(sum(sizes), len({id for ids in results for id in ids if id}))
        self.assertEqual((sum(sizes), 0, 0), counts(queue))

    def test_a_stream_to_a_queue_that_is_not_there_is_refused(self):
        request = queue_service_pb2.StreamSendRequest(queue="not-there", messages=[message_pb2.OutgoingMessage(body=b"a")])
        with self.refused(grpc.StatusCode.NOT_FOUND, "queueNotFound"):
            list(QUEUES.StreamSend(iter([request]), timeout=PATIENCE))


class ReceiveStreams(Case):
    def test_as_many_messages_come_as_there_is_credit_for(self):
        queue = create()
        send(queue, *(b"%d" % number for number in range(20)))
        requests, responses = opened(queue, 5)
        first = deliveries(responses, 5)
        requests.ask(StreamReceiveRequest(credit=2, acknowledge=[message.receipt for message in first]))
        settled, more = [], []
        while len(settled) < 5 or len(more) < 2:
            response = next(responses)
            settled.extend(response.settled)
            more.extend(response.messages)
        requests.ask(StreamReceiveRequest(stop=True))
        # What comes behind the credit would come before the end.
        last = next(responses)
        requests.close()

        self.assertEqual((True, 0, []), (last.stopped, len(last.messages), list(responses)))
        self.assertEqual({message.receipt for message in first}, {result.receipt for result in settled if not result.HasField("error")})
        self.assertEqual((5, 2), (len(first), len(more)))
        self.assertEqual({b"%d" % number for number in range(7)}, {message.body for message in first + more})
        self.assertEqual((15, 0, 0), counts(queue))

    def test_thousands_of_messages_are_received_and_acknowledged_on_one_stream(self):
        queue, left = create(), {b"%d" % number for number in range(3000)}
        bodies = sorted(left)
        for at in range(0, len(bodies), 1000):
            send(queue, *bodies[at:at + 1000])
        requests, responses = opened(queue, 200)
        settled = 0
        while settled < 3000:
            response = next(responses)
            settled += sum(not result.HasField("error") for result in response.settled)
            if response.messages:
                left -= {message.body for message in response.messages}
                requests.ask(StreamReceiveRequest(credit=len(response.messages), acknowledge=[message.receipt for message in response.messages]))
        requests.close()
        list(responses)
        self.assertEqual((set(), (0, 0, 0)), (left, counts(queue)))

    def test_a_side_that_is_closed_gives_back_what_is_not_settled(self):
        queue = create()
        send(queue, b"a", b"b", b"c")
        requests, responses = opened(queue, 3, lease_seconds=600)
        message = deliveries(responses, 3)[0]
        requests.ask(StreamReceiveRequest(acknowledge=[message.receipt]))
        requests.close()
        rest = list(responses)
        self.assertEqual(grpc.StatusCode.OK, responses.code())
        self.assertEqual([message.receipt], [result.receipt for response in rest for result in response.settled])
        self.assertEqual((2, 0, 0), counts(queue))

    def test_a_cancelled_stream_ends_and_its_leases_run_out(self):
        queue = create()
        send(queue, b"a")
        _, responses = opened(queue, 10, lease_seconds=1)
        (message,) = deliveries(responses, 1)
        self.assertTrue(responses.cancel())
        with self.refused(grpc.StatusCode.CANCELLED):
            next(responses)
        # The connection goes on with other calls, and nobody extends the lease.
        (again,) = receive(queue, wait_seconds=30)
        self.assertEqual((message.id, 2), (again.id, again.receive_count))

    def test_leases_are_extended_while_the_stream_is_open(self):
        queue = create()
        send(queue, b"a")
        requests, responses = opened(queue, 1, lease_seconds=1)
        (message,) = deliveries(responses, 1)
        # Three leases, in which nobody else gets it.
        self.assertEqual([], receive(queue, wait_seconds=3))
        requests.ask(StreamReceiveRequest(acknowledge=[message.receipt]))
        (result,) = next(responses).settled
        self.assertFalse(result.HasField("error"))

    def test_messages_are_released_rejected_and_extended_on_the_stream(self):
        dead = create()
        queue = create(dead_letter={"queue": dead, "max_receives": 5})
        send(queue, b"release", b"reject", b"extend")
        requests, responses = opened(queue, 3)
        receipts = {message.body: message.receipt for message in deliveries(responses, 3)}
        requests.ask(StreamReceiveRequest(
            release=[{"receipt": receipts[b"release"], "delay_seconds": 600}],
            reject=[{"receipt": receipts[b"reject"], "reason": "как сказано"}],
            extend=[{"receipt": receipts[b"extend"], "lease_seconds": 600}]))
        settled = []
        while len(settled) < 3:
            settled.extend(next(responses).settled)
        self.assertEqual([""] * 3, [result.error.code for result in settled])
        self.assertEqual(((0, 1, 1), (1, 0, 0)), (counts(queue), counts(dead)))
        (rejected,) = receive(dead)
        self.assertEqual("как сказано", rejected.origin.detail)

    def test_a_wrong_receipt_is_an_entry_s_own_refusal_and_the_stream_goes_on(self):
        queue = create()
        requests, responses = opened(queue, 1)
        requests.ask(StreamReceiveRequest(acknowledge=["not one"]))
        (result,) = next(responses).settled
        self.assertEqual(("not one", "receiptInvalid"), (result.receipt, result.error.code))
        send(queue, b"a")
        self.assertEqual(1, len(deliveries(responses, 1)))


if __name__ == "__main__":
    main()

"""Topics as a user has them: published, fetched and followed, by groups and by subscriptions too; and a queue from end to end."""

import grpc

from messaging.v1 import group_service_pb2, group_service_pb2_grpc, message_pb2, queue_service_pb2, record_pb2, subscription_pb2, subscription_service_pb2, subscription_service_pb2_grpc
from messaging.v1 import topic_pb2, topic_service_pb2, topic_service_pb2_grpc
from suite import CHANNEL, PATIENCE, QUEUES, Case, counts, create, main, receive, send, unique

TOPICS = topic_service_pb2_grpc.TopicServiceStub(CHANNEL)
GROUPS = group_service_pb2_grpc.GroupServiceStub(CHANNEL)
SUBSCRIPTIONS = subscription_service_pb2_grpc.SubscriptionServiceStub(CHANNEL)


def publish(topic, *bodies):
    records = [record_pb2.OutgoingRecord(key=b"k", body=body) for body in bodies]
    return [(result.partition, result.offset) for result in TOPICS.PublishRecords(topic_service_pb2.PublishRecordsRequest(topic=topic, records=records)).results]


class Topics(Case):
    def setUp(self):
        self.topic = unique("t")
        TOPICS.PutTopic(topic_service_pb2.PutTopicRequest(topic=self.topic, definition=topic_pb2.TopicDefinition(partitions=1)))

    def test_records_are_published_and_fetched(self):
        self.assertEqual([(0, 0), (0, 1)], publish(self.topic, b"a", b"b"))
        page = TOPICS.FetchRecords(topic_service_pb2.FetchRecordsRequest(topic=self.topic))
        self.assertEqual([(0, b"k", b"a"), (1, b"k", b"b")], [(record.offset, record.key, record.body) for record in page.records])
        self.assertEqual(2, page.next_offset)

    def test_a_partition_is_followed_until_the_client_leaves(self):
        stream = TOPICS.StreamFetch(topic_service_pb2.StreamFetchRequest(topic=self.topic), timeout=PATIENCE)
        self.assertEqual(0, next(stream).next_offset)
        publish(self.topic, b"a")
        bodies = []
        while len(bodies) < 2:
            bodies.extend(record.body for record in next(stream).records)
            if len(bodies) == 1:
                publish(self.topic, b"b")
        self.assertEqual([b"a", b"b"], bodies)
        stream.cancel()
        with self.refused(grpc.StatusCode.CANCELLED):
            next(stream)
        # The connection goes on.
        self.assertEqual([(0, 2)], publish(self.topic, b"c"))

    def test_records_are_published_on_a_stream(self):
        requests = [topic_service_pb2.StreamPublishRequest(topic=self.topic, records=[record_pb2.OutgoingRecord(body=b"%d" % number)]) for number in range(1000)]
        offsets = [response.results[0].offset for response in TOPICS.StreamPublish(iter(requests), timeout=PATIENCE)]
        self.assertEqual(list(range(1000)), offsets)

    def test_a_group_fetches_by_lease_and_commits_by_the_token(self):
        publish(self.topic, b"a", b"b")
        group = unique("g")
        fetched = GROUPS.FetchForGroup(group_service_pb2.FetchForGroupRequest(group=group, topics=[self.topic], wait_seconds=5))
        self.assertEqual([(self.topic, 0, b"a"), (self.topic, 1, b"b")], [(read.topic, read.record.offset, read.record.body) for read in fetched.records])
        GROUPS.CommitOffsets(group_service_pb2.CommitOffsetsRequest(group=group, token=fetched.commit_token))
        (offset,) = GROUPS.GetGroupOffsets(group_service_pb2.GetGroupOffsetsRequest(group=group)).offsets
        self.assertEqual((self.topic, 0, 2, 0), (offset.topic, offset.partition, offset.offset, offset.lag))

    def test_a_subscription_of_a_queue_gets_what_its_filter_lets_through(self):
        queue = create()
        definition = subscription_pb2.SubscriptionDefinition(target={"queue": {"name": queue}}, filter={"policy": '{"kind":["order"]}'}, raw=True)
        SUBSCRIPTIONS.PutSubscription(subscription_service_pb2.PutSubscriptionRequest(topic=self.topic, subscription="orders", definition=definition))
        records = [record_pb2.OutgoingRecord(body=f"an {kind}".encode(), attributes={"kind": message_pb2.Attribute(text=kind)}) for kind in ("invoice", "order")]
        TOPICS.PublishRecords(topic_service_pb2.PublishRecordsRequest(topic=self.topic, records=records))
        self.assertEqual([b"an order"], [message.body for message in receive(queue, max=10, wait_seconds=20)])

    def test_an_offset_that_is_not_there_is_out_of_range(self):
        with self.refused(grpc.StatusCode.OUT_OF_RANGE, "offsetOutOfRange", "offset"):
            TOPICS.FetchRecords(topic_service_pb2.FetchRecordsRequest(topic=self.topic, offset=7))


class Queues(Case):
    def test_a_message_is_sent_received_kept_longer_and_acknowledged(self):
        queue = create(lease_seconds=60)
        (id,) = send(queue, b"hi")
        (message,) = receive(queue, max=10, wait_seconds=5)
        self.assertEqual((id, b"hi", 1), (message.id, message.body, message.receive_count))
        entries = [queue_service_pb2.ExtendEntry(receipt=message.receipt, lease_seconds=600)]
        (extended,) = QUEUES.ExtendLeases(queue_service_pb2.ExtendLeasesRequest(queue=queue, entries=entries)).results
        self.assertFalse(extended.HasField("error"))
        self.assertEqual((0, 1, 0), counts(queue))
        (done,) = QUEUES.AcknowledgeMessages(queue_service_pb2.AcknowledgeMessagesRequest(queue=queue, receipts=[message.receipt])).results
        self.assertFalse(done.HasField("error"))
        self.assertEqual((0, 0, 0), counts(queue))

    def test_the_same_send_under_the_same_key_is_stored_once(self):
        queue = create()
        request = queue_service_pb2.SendMessagesRequest(queue=queue, messages=[{"body": b"one"}])
        first, second = (QUEUES.SendMessages(request, metadata=[("idempotency-key", queue)]) for _ in range(2))
        self.assertEqual(first, second)
        self.assertEqual((1, 0, 0), counts(queue))


if __name__ == "__main__":
    main()

using Google.Protobuf;
using Grpc.Core;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Topics;

/// <summary>Topics and their records, as topic_service.proto says. One for the process, thread-safe. Hot path.</summary>
internal sealed class TopicService(Front front) : V1.TopicService.TopicServiceBase
{
    private readonly FetchStream _follow = new(front);

    public override async Task<V1.PutTopicResponse> PutTopic(V1.PutTopicRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        PutTopicResult put = (await call.Broker.Topics.PutAsync(
            call.Topic(request.Topic), TopicDefinitions.Read(request.Definition), Preconditions.Read(request.Precondition), CancellationToken.None)).OrRefuse(RequestFields.OfDefinition);
        return new V1.PutTopicResponse { Topic = TopicDefinitions.Of(put.Topic), Created = put.Created };
    }

    public override async Task<V1.PatchTopicResponse> PatchTopic(V1.PatchTopicRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        PutTopicResult changed = (await call.Broker.Topics.PatchAsync(
            call.Topic(request.Topic), TopicDefinitions.Patch(request.Definition, request.UpdateMask), Preconditions.Read(request.Precondition), CancellationToken.None))
            .OrRefuse(RequestFields.OfDefinition);
        return new V1.PatchTopicResponse { Topic = TopicDefinitions.Of(changed.Topic) };
    }

    public override async Task<V1.GetTopicResponse> GetTopic(V1.GetTopicRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        return new V1.GetTopicResponse { Topic = TopicDefinitions.Of((await call.Broker.Topics.GetAsync(call.Topic(request.Topic), context.CancellationToken)).OrRefuse()) };
    }

    public override async Task<V1.DeleteTopicResponse> DeleteTopic(V1.DeleteTopicRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Topics.DeleteAsync(call.Topic(request.Topic), Preconditions.Read(request.Precondition), CancellationToken.None)).OrRefuse();
        return new V1.DeleteTopicResponse();
    }

    public override async Task<V1.ListTopicsResponse> ListTopics(V1.ListTopicsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (int size, string? token) = Pages.Read(request.Page);
        TopicPage page = (await call.Broker.Topics.ListAsync(call.Account, call.Space, request.Prefix, size, token, context.CancellationToken)).OrRefuse(RequestFields.OfPage);
        return LentAnswer.Placed(context, front, new V1.ListTopicsResponse { Topics = { page.Topics.Select(TopicDefinitions.Of) }, NextPageToken = page.NextPageToken ?? "" });
    }

    public override async Task<V1.ListPartitionsResponse> ListPartitions(V1.ListPartitionsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        IReadOnlyList<PartitionDescription> found = (await call.Broker.Topics.DescribePartitionsAsync(call.Topic(request.Topic), context.CancellationToken)).OrRefuse();
        return new V1.ListPartitionsResponse { Partitions = { found.Select(RecordWriter.Of) } };
    }

    public override async Task<V1.FindOffsetsResponse> FindOffsets(V1.FindOffsetsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        TopicKey topic = call.Topic(request.Topic);
        long at = request.Time is { } time ? Times.Read(time, "time") : FetchPlaces.ReadEnd(request.End, FetchRequest.Latest);
        int? only = request.HasPartition ? Pages.Range(request.Partition, 0, TopicLimits.PartitionsMax - 1, "partition") : null;
        IReadOnlyList<FoundOffset> found = (await call.Broker.Topics.FindOffsetsAsync(topic, only, at, context.CancellationToken)).OrRefuse();
        return new V1.FindOffsetsResponse { Offsets = { found.Select(RecordWriter.Of) } };
    }

    public override async Task<V1.DeleteRecordsResponse> DeleteRecords(V1.DeleteRecordsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        TopicKey topic = call.Topic(request.Topic);
        long before = request.RecordsCase switch
        {
            V1.DeleteRecordsRequest.RecordsOneofCase.Before => FetchPlaces.ReadOffset(request.Before, "before"),
            V1.DeleteRecordsRequest.RecordsOneofCase.All when request.All => FetchRequest.Latest,
            V1.DeleteRecordsRequest.RecordsOneofCase.All => throw Refusal.Invalid("all", "Is true, or left out: what goes below an offset is said by before."),
            V1.DeleteRecordsRequest.RecordsOneofCase.None => throw Refusal.Missing("records", "The call says below which offset records go, or that all of them do."),
        };
        int partition = FetchPlaces.ReadPartition(request.Partition);
        PartitionOffsets offsets = (await call.Broker.Topics.DeleteRecordsAsync(topic, partition, before, CancellationToken.None)).OrRefuse();
        return new V1.DeleteRecordsResponse { Offsets = RecordWriter.Of(partition, offsets) };
    }

    // Without the call's token: the request's memory is lent until the broker has answered.
    public override async Task<V1.PublishRecordsResponse> PublishRecords(V1.PublishRecordsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context, takesKey: true);
        TopicKey topic = call.Topic(request.Topic);
        Entries<OutgoingRecord> entries = RecordReader.Read(request.Records, RecordReader.Place, ReadPartition(request));
        PublishOutcome[] outcomes;
        if (request.Producer is { } producer)
        {
            if (call.Key is not null)
                throw Refusal.Invalid("idempotency-key", "A producer's sequences do what this key does, and for longer: leave it out.");
            outcomes = await Publishing.AsProducerAsync(call, topic, entries, producer);
        }
        else
        {
            outcomes = entries.AreAllRefused
                ? []
                : (await call.Broker.Topics.PublishAsync(topic, entries.Accepted, Fingerprint.Of(call.Key, context.Method, request), CancellationToken.None)).OrRefuse();
        }
        var response = new V1.PublishRecordsResponse();
        BatchAnswer.Fill(RecordReader.Place, entries, outcomes, response.Results, RecordWriter.ErrorOf, RecordWriter.Of);
        return response;
    }

    public override Task StreamPublish(
        IAsyncStreamReader<V1.StreamPublishRequest> requestStream, IServerStreamWriter<V1.StreamPublishResponse> responseStream, ServerCallContext context) =>
        PublishStream.RunAsync(front, requestStream, responseStream, context);

    public override async Task<V1.PublishBatchResponse> PublishBatch(V1.PublishBatchRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (TopicKey topic, int partition) = (call.Topic(request.Topic), FetchPlaces.ReadPartition(request.Partition));
        PublishedBatch published = (await call.Broker.Topics.PublishBatchAsync(topic, partition, request.Batch.Memory, CancellationToken.None)).OrRefuse(RequestFields.OfBatch);
        return new V1.PublishBatchResponse { Partition = published.Partition, BaseOffset = published.BaseOffset, Count = published.Count, Duplicate = published.IsDuplicate };
    }

    public override async Task<V1.FetchRecordsResponse> FetchRecords(V1.FetchRecordsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        TopicKey topic = call.Topic(request.Topic);
        int limit = request.HasLimit ? Pages.Range(request.Limit, 1, GrpcLimits.FetchRecordsMax, "limit") : GrpcLimits.FetchRecordsDefault;
        FetchRequest fetch = FetchPlaces.Request(
            0, request.HasMaxBytes ? request.MaxBytes : null, request.HasMinBytes ? request.MinBytes : null, request.WaitSeconds, request.Isolation);
        var start = (request.HasOffset ? request.Offset : (long?)null, request.End, request.Timestamp);
        // The records' memory is given back before the answer goes out: a client that reads slowly holds the answer only.
        using FetchedRecords fetched = await FetchAsync(call, topic, FetchPlaces.ReadPartition(request.Partition), start, fetch, context);
        var response = new V1.FetchRecordsResponse { Offsets = RecordWriter.Of(fetched.Partition, fetched.Offsets) };
        PageEnd end = RecordPages.Fill(response.Records, fetched, limit, GrpcLimits.FetchPageBytesMax);
        if (end.Error is { } error && response.Records.Count == 0)
            throw Refusal.Of(error);
        response.NextOffset = end.NextOffset;
        return LentAnswer.TryReserve(context, front, end.Bytes) ? response : throw LentAnswer.Refused();
    }

    public override async Task<V1.FetchBatchesResponse> FetchBatches(V1.FetchBatchesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        TopicKey topic = call.Topic(request.Topic);
        FetchRequest fetch = FetchPlaces.Request(
            0, request.HasMaxBytes ? request.MaxBytes : null, request.HasMinBytes ? request.MinBytes : null, request.WaitSeconds, request.Isolation);
        var start = (request.HasOffset ? request.Offset : (long?)null, request.End, request.Timestamp);
        FetchedRecords fetched = await FetchAsync(call, topic, FetchPlaces.ReadPartition(request.Partition), start, fetch, context);
        if (!LentAnswer.TryHold(context, front, fetched, fetched.Bytes))
        {
            fetched.Dispose();
            throw LentAnswer.Refused();
        }
        var response = new V1.FetchBatchesResponse { NextOffset = fetched.NextOffset, Offsets = RecordWriter.Of(fetched.Partition, fetched.Offsets) };
        for (int batch = 0; batch < fetched.BatchCount; batch++)
            response.Batches.Add(UnsafeByteOperations.UnsafeWrap(fetched.BatchAt(batch)));
        return response;
    }

    public override Task StreamFetch(V1.StreamFetchRequest request, IServerStreamWriter<V1.StreamFetchResponse> responseStream, ServerCallContext context) =>
        _follow.RunAsync(request, responseStream, context);

    private static int? ReadPartition(V1.PublishRecordsRequest request) =>
        request.HasPartition ? Pages.Range(request.Partition, 0, TopicLimits.PartitionsMax - 1, "partition") : null;

    private static async ValueTask<FetchedRecords> FetchAsync(
        Call call, TopicKey topic, int partition, (long? Offset, V1.PartitionEnd End, Google.Protobuf.WellKnownTypes.Timestamp? Time) start, FetchRequest fetch, ServerCallContext context)
    {
        long offset = await FetchPlaces.FindAsync(call.Broker.Topics, topic, partition, start, context.CancellationToken);
        // A fetch that does not wait has nothing to cancel.
        CancellationToken leaving = fetch.Wait == TimeSpan.Zero ? CancellationToken.None : context.CancellationToken;
        return (await call.Broker.Topics.FetchAsync(topic, partition, fetch with { Offset = offset }, leaving)).OrRefuse();
    }
}

using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>Topics over gRPC, by the generated client.</summary>
internal sealed class GrpcTopicFront(CallInvoker connection) : ITopicFront
{
    private TopicService.TopicServiceClient Calls => new(connection);

    public Task<string> CreateTopicAsync(string name, TopicTerms terms) => Calls.PutTopicAsync(new PutTopicRequest { Topic = name, Definition = Of(terms) }).OutcomeAsync();

    public Task<string> PatchTopicAsync(string name, TopicTerms terms, string? version = null)
    {
        var request = new PatchTopicRequest { Topic = name, Definition = Of(terms) };
        if (version is not null) request.Precondition = new Precondition { Version = long.Parse(version) };
        return Calls.PatchTopicAsync(request).OutcomeAsync();
    }

    public async Task<string> GetVersionAsync(string name) => (await Calls.GetTopicAsync(new GetTopicRequest { Topic = name })).Topic.Version.ToString();

    public async Task<(string Outcome, TopicTerms? Terms)> GetTopicAsync(string name)
    {
        (string outcome, GetTopicResponse? response) = await Calls.GetTopicAsync(new GetTopicRequest { Topic = name }).AskAsync();
        return (outcome, response?.Topic.Definition is not { } definition ? null : new TopicTerms(
            definition.Partitions, definition.Type == TopicType.Fifo, definition.HasRetentionSeconds ? definition.RetentionSeconds : null, definition.MaxMessageBytes));
    }

    public Task<string> DeleteTopicAsync(string name) => Calls.DeleteTopicAsync(new DeleteTopicRequest { Topic = name }).OutcomeAsync();

    public async Task<string[]> ListTopicsAsync(string prefix) => [.. (await Calls.ListTopicsAsync(new ListTopicsRequest { Prefix = prefix })).Topics.Select(topic => topic.Name)];

    public Task<FrontPublished[]> PublishAsync(string topic, FrontProducer? producer, params FrontRecord[] records)
    {
        var request = new PublishRecordsRequest { Topic = topic, Records = { records.Select(Of) } };
        if (producer is not null) request.Producer = new RecordProducer { Id = producer.Id, Epoch = producer.Epoch, Transaction = producer.Transaction ?? "" };
        return Calls.PublishRecordsAsync(request).EntriesAsync(
            response => response.Results, result => result.Error,
            (outcome, result) => outcome.Length > 0 ? new FrontPublished(outcome) : new FrontPublished("", result!.Partition, result.Offset, result.Duplicate));
    }

    public async Task<FrontPage> FetchAsync(string topic, int partition, long offset, bool isCommittedOnly = false)
    {
        var request = new FetchRecordsRequest { Topic = topic, Partition = partition, Offset = offset, Isolation = isCommittedOnly ? Isolation.ReadCommitted : Isolation.ReadUncommitted };
        (string outcome, FetchRecordsResponse? response) = await Calls.FetchRecordsAsync(request).AskAsync();
        return response is null ? new FrontPage(outcome, [], 0, null) : new FrontPage("", [.. response.Records.Select(Fetched)], response.NextOffset, Partition(response.Offsets));
    }

    public async Task<(string Outcome, FrontPartition[] Partitions)> ListPartitionsAsync(string topic)
    {
        (string outcome, ListPartitionsResponse? response) = await Calls.ListPartitionsAsync(new ListPartitionsRequest { Topic = topic }).AskAsync();
        return (outcome, [.. (response?.Partitions ?? []).Select(one => Partition(one.Offsets))]);
    }

    public async Task<(string Outcome, IReadOnlyList<long> Offsets)> FindOffsetsAsync(string topic, string at)
    {
        var request = new FindOffsetsRequest { Topic = topic };
        if (at is "earliest" or "latest") request.End = at == "earliest" ? PartitionEnd.Earliest : PartitionEnd.Latest;
        else request.Time = Timestamp.FromDateTimeOffset(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
        (string outcome, FindOffsetsResponse? response) = await Calls.FindOffsetsAsync(request).AskAsync();
        return (outcome, [.. (response?.Offsets ?? []).Select(one => one.Offset)]);
    }

    public async Task<(string Outcome, FrontPartition? Partition)> DeleteRecordsAsync(string topic, int partition, long before)
    {
        (string outcome, DeleteRecordsResponse? response) = await Calls.DeleteRecordsAsync(new DeleteRecordsRequest { Topic = topic, Partition = partition, Before = before }).AskAsync();
        return (outcome, response is null ? null : Partition(response.Offsets));
    }

    private static TopicDefinition Of(TopicTerms terms)
    {
        var definition = new TopicDefinition();
        if (terms.Partitions is { } partitions) definition.Partitions = partitions;
        if (terms.IsFifo is { } isFifo) definition.Type = isFifo ? TopicType.Fifo : TopicType.Standard;
        if (terms.RetentionSeconds is { } seconds) definition.RetentionSeconds = seconds;
        if (terms.MaxMessageBytes is { } bytes) definition.MaxMessageBytes = bytes;
        return definition;
    }

    private static OutgoingRecord Of(FrontRecord record)
    {
        var sent = new OutgoingRecord { DeduplicationId = record.DeduplicationId ?? "" };
        if (record.Body is not null) sent.Body = ByteString.CopyFromUtf8(record.Body);
        if (record.Key is not null) sent.Key = ByteString.CopyFromUtf8(record.Key);
        if (record.Header is not null) sent.Headers.Add(new RecordHeader { Name = "h", Value = ByteString.CopyFromUtf8(record.Header) });
        if (record.Time is { } time) sent.Timestamp = Timestamp.FromDateTimeOffset(time);
        if (record.Partition is { } partition) sent.Partition = partition;
        if (record.Sequence is { } sequence) sent.Sequence = sequence;
        return sent;
    }

    private static FrontFetched Fetched(Messaging.V1.Record record) => new(
        record.Offset, record.HasBody ? record.Body.ToStringUtf8() : null, record.HasKey ? record.Key.ToStringUtf8() : null,
        record.Headers.SingleOrDefault(header => header.Name == "h")?.Value.ToStringUtf8(), record.Timestamp?.ToDateTimeOffset());

    private static FrontPartition Partition(PartitionOffsets offsets) => new(offsets.Partition, offsets.LowOffset, offsets.HighWatermark, offsets.LastStableOffset);
}

using System.Text;
using Google.Protobuf;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Storage.Records;
using Messaging.TestKit;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>Each way to publish messages to a topic of one partition: a row of the table of fronts. An outcome is "" for what was done.</summary>
internal sealed class Publishers(Fronts fronts)
{
    /// <summary>All of them.</summary>
    public static readonly string[] Names = [Fronts.Rest, "REST, raw", "REST, record batch", Fronts.Grpc, "gRPC, stream", "gRPC, record batch", Fronts.Aws];

    public Task<string[]> PublishAsync(string name, string topic, FrontSend[] messages) => name switch
    {
        Fronts.Rest => new RestSubscriptionFront(fronts.RestCalls).PublishAsync(topic, messages),
        "REST, raw" => PublishRawAsync(topic, messages),
        "REST, record batch" => PublishBatchAsync(topic, messages),
        Fronts.Grpc => new GrpcSubscriptionFront(fronts.Server.Channel).PublishAsync(topic, messages),
        "gRPC, stream" => PublishStreamAsync(topic, messages),
        "gRPC, record batch" => PublishGrpcBatchAsync(topic, messages),
        Fronts.Aws => new SnsSubscriptionFront(fronts.AwsCalls).PublishAsync(topic, messages),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private async Task<string[]> PublishRawAsync(string topic, FrontSend[] messages)
    {
        var outcomes = new List<string>();
        foreach (FrontSend message in messages)
        {
            var headers = new List<(string, string)>();
            if (message.Group is not null) headers.Add(("Message-Key", message.Group));
            if (message.Kind is not null) headers.Add(("Message-Header-kind", message.Kind));
            outcomes.Add(await fronts.RestCalls.OutcomeAsync($"/v1/topics/{topic}/records/raw", Encoding.UTF8.GetBytes(message.Body), "application/octet-stream", headers));
        }

        return [.. outcomes];
    }

    private async Task<string[]> PublishBatchAsync(string topic, FrontSend[] messages) =>
        [await fronts.RestCalls.OutcomeAsync($"/v1/topics/{topic}/partitions/0/records", BatchOf(messages), "application/vnd.messaging.record-batch")];

    private async Task<string[]> PublishGrpcBatchAsync(string topic, FrontSend[] messages) =>
        [await fronts.Server.Topics().PublishBatchAsync(new PublishBatchRequest { Topic = topic, Batch = ByteString.CopyFrom(BatchOf(messages)) }).OutcomeAsync()];

    private async Task<string[]> PublishStreamAsync(string topic, FrontSend[] messages)
    {
        using var stream = fronts.Server.Topics().StreamPublish();
        var outcomes = new List<string>();
        foreach (FrontSend message in messages)
        {
            await stream.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Records = { GrpcSubscriptionFront.Of(message) } });
            Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
            outcomes.AddRange(stream.ResponseStream.Current.Results.Select(result => result.Error?.Code ?? ""));
        }

        await stream.RequestStream.CompleteAsync();
        return [.. outcomes];
    }

    private static byte[] BatchOf(FrontSend[] messages) => ProducedBatch.OfBodies([.. messages.Select(Encode)]);

    private static byte[] Encode(FrontSend message)
    {
        byte[] buffer = new byte[500];
        var writer = new RecordBodyWriter(buffer);
        if (message.Group is null) writer.WriteNullKey();
        else writer.WriteKey(Encoding.UTF8.GetBytes(message.Group));
        writer.WriteValue(Encoding.UTF8.GetBytes(message.Body));
        writer.WriteHeaderCount(message.Kind is null ? 0 : 1);
        if (message.Kind is not null) writer.WriteHeader("kind"u8, Encoding.UTF8.GetBytes(message.Kind));
        return buffer[..writer.Written];
    }
}

using Grpc.Core;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Streams;

namespace Messaging.Grpc.Topics;

/// <summary>
/// TopicService.StreamPublish: a response for each request, in their order. What comes while a commit is under way is the next call of the broker. A record
/// that is refused is told so; a call that is refused as a whole (no such topic, no space on the disk, a producer that is fenced) ends the stream with that
/// status. Hot path.
/// </summary>
/// <remarks>
/// A request of a producer is a call of its own, whatever has gathered: its records of a partition are one batch, which is known when it is sent again only by
/// its first and last sequence. Put together with others it would be another batch than what its client sends again.
/// </remarks>
internal static class PublishStream
{
    public static async Task RunAsync(
        Front front, IAsyncStreamReader<V1.StreamPublishRequest> requests, IServerStreamWriter<V1.StreamPublishResponse> responses, ServerCallContext context)
    {
        Call call = front.OpenStream(context);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, front.Stopping);
        using var gathering = new Gathering<V1.StreamPublishRequest>(GrpcLimits.StreamEntriesMax, GrpcLimits.StreamBytesMax, front.Budgets.Bodies);
        using var answers = new Answers<V1.StreamPublishResponse>(responses, context);
        var target = new StreamTarget();
        Task reading = requests.GatherAsync(gathering, request => target.Take(request.Topic, "topic"), static request => request.Records.Count, ended.Token);
        try
        {
            while (await gathering.TakeAsync(ended.Token) is { } batch)
            {
                await PublishAsync(call, call.Topic(target.Name), batch, answers);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await reading;
    }

    private static async ValueTask PublishAsync(Call call, TopicKey topic, List<V1.StreamPublishRequest> batch, Answers<V1.StreamPublishResponse> answers)
    {
        for (int from = 0, to; from < batch.Count; from = to)
        {
            to = from + 1;
            if (batch[from].Producer is not null)
            {
                await answers.WriteAsync(await PublishAsync(call, topic, batch[from]));
                continue;
            }
            while (to < batch.Count && batch[to].Producer is null)
                to++;
            await answers.WriteAsync(await PublishAsync(call, topic, batch.GetRange(from, to - from)));
        }
    }

    private static async ValueTask<V1.StreamPublishResponse> PublishAsync(Call call, TopicKey topic, V1.StreamPublishRequest request)
    {
        Entries<OutgoingRecord> entries = RecordReader.Read(request.Records);
        PublishOutcome[] outcomes = await Publishing.AsProducerAsync(call, topic, entries, request.Producer);
        var answered = new V1.StreamPublishResponse();
        BatchAnswer.FillAny(RecordReader.Place, entries, outcomes, answered.Results, RecordWriter.ErrorOf, RecordWriter.Of);
        return answered;
    }

    private static async ValueTask<V1.StreamPublishResponse[]> PublishAsync(Call call, TopicKey topic, List<V1.StreamPublishRequest> batch)
    {
        var entries = new Entries<OutgoingRecord>[batch.Count];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = RecordReader.Read(batch[index].Records);
        ReadOnlyMemory<OutgoingRecord> joined = Entries<OutgoingRecord>.Join(entries);
        PublishOutcome[] outcomes = joined.IsEmpty ? [] : (await call.Broker.Topics.PublishAsync(topic, joined, request: null, CancellationToken.None)).OrRefuse();
        var answered = new V1.StreamPublishResponse[entries.Length];
        for (int index = 0, next = 0; index < answered.Length; index++)
        {
            int accepted = entries[index].Accepted.Length;
            answered[index] = new V1.StreamPublishResponse();
            BatchAnswer.FillAny(RecordReader.Place, entries[index], outcomes.AsSpan(next, accepted), answered[index].Results, RecordWriter.ErrorOf, RecordWriter.Of);
            next += accepted;
        }
        return answered;
    }
}

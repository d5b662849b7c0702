using Grpc.Core;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Streams;

namespace Messaging.Grpc.Topics;

/// <summary>
/// TopicService.StreamPublish. A record that is refused is told so; a call that is refused as a whole (no such topic, no space on the disk, a producer that is fenced) ends the stream with that
/// status. Hot path.
/// </summary>
/// <remarks>
/// A request of a producer is a call of its own, whatever has gathered: its records of a partition are one batch, which is known when it is sent again only by
/// its first and last sequence. Put together with others it would be another batch than what its client sends again.
/// </remarks>
internal static class PublishStream
{
    public static Task RunAsync(
        Front front, IAsyncStreamReader<V1.StreamPublishRequest> requests, IServerStreamWriter<V1.StreamPublishResponse> responses, ServerCallContext context)
    {
        Call call = front.OpenStream(context);
        var target = new StreamTarget();
        return AnsweredStream.RunAsync(
            front, requests, responses, context, request => target.Take(request.Topic, "topic"), static request => RecordReader.Count(request.Records), RecordReader.Place,
            (batch, answers) => PublishAsync(call, call.Topic(target.Name), batch, answers));
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
        Entries<OutgoingRecord> entries = RecordReader.Read(request.Records, RecordReader.Place);
        return Answer(entries, await Publishing.AsProducerAsync(call, topic, entries, request.Producer));
    }

    private static ValueTask<V1.StreamPublishResponse[]> PublishAsync(Call call, TopicKey topic, List<V1.StreamPublishRequest> batch)
    {
        var entries = new Entries<OutgoingRecord>[batch.Count];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = RecordReader.Read(batch[index].Records, RecordReader.Place);
        return AnsweredStream.JoinAsync(entries, records => call.Broker.Topics.PublishAsync(topic, records, request: null, CancellationToken.None), Answer);
    }

    private static V1.StreamPublishResponse Answer(Entries<OutgoingRecord> entries, ReadOnlySpan<PublishOutcome> outcomes)
    {
        var response = new V1.StreamPublishResponse();
        BatchAnswer.FillAny(RecordReader.Place, entries, outcomes, response.Results, RecordWriter.ErrorOf, RecordWriter.Of);
        return response;
    }
}

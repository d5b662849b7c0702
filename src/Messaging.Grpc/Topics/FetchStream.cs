using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Streams;
using Messaging.Http;

namespace Messaging.Grpc.Topics;

/// <summary>
/// TopicService.StreamFetch: the partition's records as they come, until the client leaves or the server stops. Nothing is kept of the client but where it is;
/// a slow one is waited for response by response. One for the process, thread-safe. Hot path.
/// </summary>
internal sealed class FetchStream(Front front)
{
    private static readonly BrokerError TooMany = new(ErrorCode.TooManyWaiting, $"At most {GrpcLimits.FetchStreamsMax} streams of records are open at once.");

    // A wait that is over is followed by the next: the transport tells by itself that a silent stream lives.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(TopicLimits.FetchWaitSecondsMax);

    private int _open;

    public async Task RunAsync(V1.StreamFetchRequest request, IServerStreamWriter<V1.StreamFetchResponse> responses, ServerCallContext context)
    {
        Call call = front.OpenStream(context);
        if (Interlocked.Increment(ref _open) > GrpcLimits.FetchStreamsMax)
        {
            Interlocked.Decrement(ref _open);
            throw Refusal.Of(TooMany);
        }
        try
        {
            await FollowAsync(call, request, responses, context);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task FollowAsync(Call call, V1.StreamFetchRequest request, IServerStreamWriter<V1.StreamFetchResponse> responses, ServerCallContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, front.Stopping);
        (TopicKey topic, int partition) = (call.Topic(request.Topic), FetchPlaces.ReadPartition(request.Partition));
        Isolation isolation = FetchPlaces.ReadIsolation(request.Isolation);
        long offset = await FetchPlaces.FindAsync(
            call.Broker.Topics, topic, partition, (request.HasOffset ? request.Offset : null, request.End, request.Timestamp), ended.Token);
        using var answers = new Answers<V1.StreamFetchResponse>(responses, context, front.Clock);
        // The first records wait for nothing, and the first response not for records.
        for (TimeSpan wait = TimeSpan.Zero; ; wait = Wait)
        {
            var fetch = new FetchRequest(offset, GrpcLimits.FetchStreamBytesMax, wait) { Isolation = isolation };
            var response = new V1.StreamFetchResponse();
            PageEnd end = Fill(response, (await call.Broker.Topics.FetchAsync(topic, partition, fetch, ended.Token)).OrRefuse());
            // Who is cancelled while it waits is answered with what there is.
            ended.Token.ThrowIfCancellationRequested();
            if (end.NextOffset > offset || wait == TimeSpan.Zero)
                await WriteAsync(answers, response, end.Bytes);
            offset = end.NextOffset;
        }
    }

    // The records' memory is given back before the response goes out.
    private static PageEnd Fill(V1.StreamFetchResponse response, FetchedRecords fetched)
    {
        using (fetched)
        {
            PageEnd end = RecordPages.Fill(response.Records, fetched, int.MaxValue, GrpcLimits.DeliveryBytesMax);
            if (end.Error is { } error && response.Records.Count == 0)
                throw Refusal.Of(error);
            (response.NextOffset, response.Offsets) = (end.NextOffset, RecordWriter.Of(fetched.Partition, fetched.Offsets));
            return end;
        }
    }

    private async ValueTask WriteAsync(Answers<V1.StreamFetchResponse> answers, V1.StreamFetchResponse response, long bytes)
    {
        using var place = new BudgetShare(front.Budgets.Answers, HttpLimits.AnswerBytesKept);
        if (!place.TryHold(bytes))
            throw LentAnswer.Refused();
        await answers.WriteAsync(response);
    }
}

using Grpc.Core;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Streams;

namespace Messaging.Grpc.Queues;

/// <summary>
/// QueueService.StreamSend: a response for each request, in their order. What comes while a commit is under way is the next call of the broker, all of it. A message that is refused is told so; a call that is refused as a
/// whole (no such queue, no space on the disk) ends the stream with that status. Hot path.
/// </summary>
internal static class SendStream
{
    private static readonly OutcomeError<SendOutcome> SendError = static (in SendOutcome outcome) => outcome.Error;

    public static async Task RunAsync(Front front, IAsyncStreamReader<V1.StreamSendRequest> requests, IServerStreamWriter<V1.StreamSendResponse> responses, ServerCallContext context)
    {
        Call call = front.OpenStream(context);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, front.Stopping);
        using var gathering = new Gathering<V1.StreamSendRequest>(GrpcLimits.StreamEntriesMax, GrpcLimits.StreamBytesMax, front.Budgets.Bodies);
        using var answers = new Answers<V1.StreamSendResponse>(responses, context);
        var target = new StreamTarget();
        Task reading = requests.GatherAsync(gathering, request => target.Take(request.Queue, "queue"), static request => request.Messages.Count, ended.Token);
        try
        {
            while (await gathering.TakeAsync(ended.Token) is { } batch)
            {
                await answers.WriteAsync(await SendAsync(call, call.Queue(target.Name), batch));
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await reading;
    }

    private static async ValueTask<V1.StreamSendResponse[]> SendAsync(Call call, QueueKey queue, List<V1.StreamSendRequest> batch)
    {
        var entries = new Entries<OutgoingMessage>[batch.Count];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = MessageReader.Read(batch[index].Messages);
        ReadOnlyMemory<OutgoingMessage> joined = Entries<OutgoingMessage>.Join(entries);
        SendOutcome[] outcomes = joined.IsEmpty ? [] : (await call.Broker.Queues.SendAsync(queue, joined, CancellationToken.None)).OrRefuse();
        var answered = new V1.StreamSendResponse[entries.Length];
        for (int index = 0, next = 0; index < answered.Length; index++)
        {
            int accepted = entries[index].Accepted.Length;
            answered[index] = new V1.StreamSendResponse();
            BatchAnswer.FillAny("messages", entries[index], outcomes.AsSpan(next, accepted), answered[index].Results, SendError, MessageWriter.Of);
            next += accepted;
        }
        return answered;
    }
}

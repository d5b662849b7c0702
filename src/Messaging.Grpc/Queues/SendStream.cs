using Grpc.Core;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Streams;

namespace Messaging.Grpc.Queues;

/// <summary>
/// QueueService.StreamSend. A message that is refused is told so; a call that is refused as a whole (no such queue, no space on the disk) ends the stream with that status. Hot path.
/// </summary>
internal static class SendStream
{
    public static Task RunAsync(Front front, IAsyncStreamReader<V1.StreamSendRequest> requests, IServerStreamWriter<V1.StreamSendResponse> responses, ServerCallContext context)
    {
        Call call = front.OpenStream(context);
        var target = new StreamTarget();
        return AnsweredStream.RunAsync(
            front, requests, responses, context, request => target.Take(request.Queue, "queue"), static request => MessageReader.Count(request.Messages), MessageReader.Place,
            async (batch, answers) => await answers.WriteAsync(await SendAsync(call, call.Queue(target.Name), batch)));
    }

    private static ValueTask<V1.StreamSendResponse[]> SendAsync(Call call, QueueKey queue, List<V1.StreamSendRequest> batch)
    {
        var entries = new Entries<OutgoingMessage>[batch.Count];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = MessageReader.Read(batch[index].Messages, MessageReader.Place);
        return AnsweredStream.JoinAsync(entries, messages => call.Broker.Queues.SendAsync(queue, messages, CancellationToken.None), Answer);
    }

    private static V1.StreamSendResponse Answer(Entries<OutgoingMessage> entries, ReadOnlySpan<SendOutcome> outcomes)
    {
        var response = new V1.StreamSendResponse();
        BatchAnswer.FillAny(MessageReader.Place, entries, outcomes, response.Results, MessageWriter.ErrorOf, MessageWriter.Of);
        return response;
    }
}

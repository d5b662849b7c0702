using Google.Protobuf.Collections;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Operations;

namespace Messaging.Grpc.Queues;

/// <summary>Queues and their messages, as queue_service.proto says. One for the process, thread-safe. Hot path.</summary>
internal sealed class QueueService(Front front) : V1.QueueService.QueueServiceBase
{
    public override async Task<V1.PutQueueResponse> PutQueue(V1.PutQueueRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        PutQueueResult put = (await call.Broker.Queues.PutAsync(
            call.Queue(request.Queue), QueueDefinitions.Read(request.Definition), Preconditions.Read(request.Precondition), CancellationToken.None)).OrRefuse(RequestFields.OfDefinition);
        return new V1.PutQueueResponse { Queue = QueueDefinitions.Of(put.Queue), Created = put.Created };
    }

    public override async Task<V1.PatchQueueResponse> PatchQueue(V1.PatchQueueRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        PutQueueResult changed = (await call.Broker.Queues.PatchAsync(
            call.Queue(request.Queue), QueueDefinitions.Patch(request.Definition, request.UpdateMask), Preconditions.Read(request.Precondition), CancellationToken.None))
            .OrRefuse(RequestFields.OfDefinition);
        return new V1.PatchQueueResponse { Queue = QueueDefinitions.Of(changed.Queue) };
    }

    public override async Task<V1.GetQueueResponse> GetQueue(V1.GetQueueRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        return new V1.GetQueueResponse { Queue = QueueDefinitions.Of((await call.Broker.Queues.GetAsync(call.Queue(request.Queue), context.CancellationToken)).OrRefuse()) };
    }

    public override async Task<V1.DeleteQueueResponse> DeleteQueue(V1.DeleteQueueRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Queues.DeleteAsync(call.Queue(request.Queue), Preconditions.Read(request.Precondition), CancellationToken.None)).OrRefuse();
        return new V1.DeleteQueueResponse();
    }

    public override async Task<V1.ListQueuesResponse> ListQueues(V1.ListQueuesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (int size, string? token) = Pages.Read(request.Page);
        QueuePage page = (await call.Broker.Queues.ListAsync(call.Account, call.Space, request.Prefix, size, token, context.CancellationToken)).OrRefuse(RequestFields.OfPage);
        return LentAnswer.Placed(context, front, new V1.ListQueuesResponse { Queues = { page.Queues.Select(QueueDefinitions.Of) }, NextPageToken = page.NextPageToken ?? "" });
    }

    public override async Task<V1.PurgeQueueResponse> PurgeQueue(V1.PurgeQueueRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        return new V1.PurgeQueueResponse { Purged = (await call.Broker.Queues.PurgeAsync(call.Queue(request.Queue), CancellationToken.None)).OrRefuse() };
    }

    // Without the call's token: the request's memory is lent until the broker has answered.
    public override async Task<V1.SendMessagesResponse> SendMessages(V1.SendMessagesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context, takesKey: true);
        QueueKey queue = call.Queue(request.Queue);
        Entries<OutgoingMessage> entries = MessageReader.Read(request.Messages, MessageReader.Place);
        SendOutcome[] outcomes = entries.AreAllRefused
            ? []
            : (await call.Broker.Queues.SendAsync(queue, entries.Accepted, Fingerprint.Of(call.Key, context.Method, request), CancellationToken.None)).OrRefuse();
        var response = new V1.SendMessagesResponse();
        BatchAnswer.Fill(MessageReader.Place, entries, outcomes, response.Results, MessageWriter.ErrorOf, MessageWriter.Of);
        return response;
    }

    public override Task StreamSend(IAsyncStreamReader<V1.StreamSendRequest> requestStream, IServerStreamWriter<V1.StreamSendResponse> responseStream, ServerCallContext context) =>
        SendStream.RunAsync(front, requestStream, responseStream, context);

    // A receive that does not wait has nothing to cancel.
    public override async Task<V1.ReceiveMessagesResponse> ReceiveMessages(V1.ReceiveMessagesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        QueueKey queue = call.Queue(request.Queue);
        var asked = new ReceiveRequest(
            request.HasMax ? Pages.Range(request.Max, 1, QueueLimits.ReceiveMax, "max") : 1,
            request.HasWaitSeconds ? Pages.Range(request.WaitSeconds, 0, QueueLimits.ReceiveWaitSecondsMax, "waitSeconds") : null,
            request.HasLeaseSeconds ? Pages.Range(request.LeaseSeconds, 0, QueueLimits.LeaseSecondsMax, "leaseSeconds") : null)
        {
            AttemptId = Pages.Maybe(request.AttemptId),
        };
        CancellationToken leaving = asked.WaitSeconds == 0 ? CancellationToken.None : context.CancellationToken;
        ReceivedMessages received = (await call.Broker.Queues.ReceiveAsync(queue, asked, leaving)).OrRefuse();
        if (!LentAnswer.TryHold(context, front, received, received.TotalBytes))
        {
            // As if it had not been received.
            Receipt[] receipts = received.Receipts();
            received.Dispose();
            await call.Broker.Queues.ReturnAsync(queue, receipts);
            throw LentAnswer.Refused();
        }
        var response = new V1.ReceiveMessagesResponse();
        for (int index = 0; index < received.Count; index++)
            response.Messages.Add(MessageWriter.Of(in received[index]));
        foreach (DamagedMessage damaged in received.Damaged)
            response.Damaged.Add(MessageWriter.Of(damaged));
        return response;
    }

    public override Task StreamReceive(IAsyncStreamReader<V1.StreamReceiveRequest> requestStream, IServerStreamWriter<V1.StreamReceiveResponse> responseStream, ServerCallContext context) =>
        ReceiveStream.RunAsync(front, requestStream, responseStream, context);

    public override async Task<V1.AcknowledgeMessagesResponse> AcknowledgeMessages(V1.AcknowledgeMessagesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        var response = new V1.AcknowledgeMessagesResponse();
        await SettleAsync<string, Receipt>(
            call, call.Queue(request.Queue), "receipts", request.Receipts, Receipts.Read, response.Results,
            static (queues, queue, receipts) => queues.AcknowledgeAsync(queue, receipts, CancellationToken.None));
        return response;
    }

    public override async Task<V1.ExtendLeasesResponse> ExtendLeases(V1.ExtendLeasesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        var response = new V1.ExtendLeasesResponse();
        await SettleAsync<V1.ExtendEntry, ExtendEntry>(
            call, call.Queue(request.Queue), "entries", request.Entries, Receipts.Read, response.Results,
            static (queues, queue, entries) => queues.ExtendAsync(queue, entries, CancellationToken.None));
        return response;
    }

    public override async Task<V1.ReleaseMessagesResponse> ReleaseMessages(V1.ReleaseMessagesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        var response = new V1.ReleaseMessagesResponse();
        await SettleAsync<V1.ReleaseEntry, ReleaseEntry>(
            call, call.Queue(request.Queue), "entries", request.Entries, Receipts.Read, response.Results,
            static (queues, queue, entries) => queues.ReleaseAsync(queue, entries, CancellationToken.None));
        return response;
    }

    public override async Task<V1.RejectMessagesResponse> RejectMessages(V1.RejectMessagesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        var response = new V1.RejectMessagesResponse();
        await SettleAsync<V1.RejectEntry, RejectEntry>(
            call, call.Queue(request.Queue), "entries", request.Entries, Receipts.Read, response.Results,
            static (queues, queue, entries) => queues.RejectAsync(queue, entries, CancellationToken.None));
        return response;
    }

    public override async Task<V1.BrowseMessagesResponse> BrowseMessages(V1.BrowseMessagesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (int size, string? token) = Pages.Read(request.Page, QueueLimits.BrowseDefault, QueueLimits.BrowseMax);
        BrowsedMessages found = (await call.Broker.Queues.BrowseAsync(
            call.Queue(request.Queue), new BrowseRequest(MessageReader.ReadState(request.State), token, size), context.CancellationToken)).OrRefuse(RequestFields.OfPage);
        Hold(context, found);
        var response = new V1.BrowseMessagesResponse { NextPageToken = found.NextPageToken ?? "" };
        foreach (BrowsedMessage message in found.Messages)
            response.Messages.Add(MessageWriter.Of(in message));
        foreach (MessageId damaged in found.Damaged)
            response.Damaged.Add(new V1.DamagedMessage { Id = damaged.ToString() });
        return response;
    }

    public override async Task<V1.GetMessageResponse> GetMessage(V1.GetMessageRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        QueueKey queue = call.Queue(request.Queue);
        BrowsedMessages found = (await call.Broker.Queues.LookAsync(queue, MessageReader.ReadId(request.Id), context.CancellationToken)).OrRefuse();
        Hold(context, found);
        return new V1.GetMessageResponse { Message = MessageWriter.Of(found.Messages[0], found.Queue == queue ? "" : found.Queue.Name.Value) };
    }

    public override async Task<V1.CancelMessageResponse> CancelMessage(V1.CancelMessageRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Queues.CancelAsync(call.Queue(request.Queue), MessageReader.ReadId(request.Id), CancellationToken.None)).OrRefuse();
        return new V1.CancelMessageResponse();
    }

    public override async Task<V1.RedriveMessagesResponse> RedriveMessages(V1.RedriveMessagesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context, takesKey: true);
        return new V1.RedriveMessagesResponse
        {
            Operation = OperationWriter.Of((await call.Broker.Operations.RedriveAsync(
                call.Queue(request.Queue), RedriveReader.Read(request), Fingerprint.Of(call.Key, context.Method, request), CancellationToken.None)).OrRefuse(RequestFields.OfMaps)),
        };
    }

    private static async Task SettleAsync<TWire, TEntry>(
        Call call, QueueKey queue, string place, RepeatedField<TWire> wire, EntryReader<TWire, TEntry> read, RepeatedField<V1.EntryResult> results,
        Func<QueueBroker, QueueKey, ReadOnlyMemory<TEntry>, ValueTask<Result<BrokerError?[]>>> settle)
    {
        Entries<TEntry> entries = Receipts.ReadAll(wire, place, read);
        BrokerError?[] outcomes = entries.AreAllRefused ? [] : (await settle(call.Broker.Queues, queue, entries.Accepted)).OrRefuse();
        BatchAnswer.Fill(place, entries, outcomes, results, EntryResults.ErrorOf, EntryResults.ResultOf);
    }

    private void Hold(ServerCallContext context, BrowsedMessages found)
    {
        if (LentAnswer.TryHold(context, front, found, found.Messages.Sum(static message => (long)message.Body.Length)))
            return;
        found.Dispose();
        throw LentAnswer.Refused();
    }
}

using System.Runtime.ExceptionServices;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Streams;
using Messaging.Http;

namespace Messaging.Grpc.Queues;

/// <summary>
/// QueueService.StreamReceive: one loop reads what the client says, one delivers while there is credit, one settles, and one extends leases. Whichever fails ends the stream, and with it the others. Where the client closes its side everything that it
/// has asked for is answered, and what was delivered and not settled is given back; a connection that breaks leaves its leases to run out. Hot path.
/// </summary>
internal sealed class ReceiveStream : IDisposable
{
    private readonly Front _front;
    private readonly IAsyncStreamReader<V1.StreamReceiveRequest> _requests;
    private readonly QueueBroker _queues;
    private readonly QueueKey _queue;
    private readonly int _leaseSeconds;
    private readonly Answers<V1.StreamReceiveResponse> _answers;
    private readonly Gathering<V1.StreamReceiveRequest> _asked;
    private readonly Credit _credit = new();
    private readonly Deliveries _deliveries;
    private readonly Settlement _settlement;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenSource _stopped;
    private V1.StreamReceiveRequest? _first;
    private ExceptionDispatchInfo? _fault;

    private ReceiveStream(
        Front front, Call call, V1.StreamReceiveRequest first, IAsyncStreamReader<V1.StreamReceiveRequest> requests, IServerStreamWriter<V1.StreamReceiveResponse> responses, ServerCallContext context)
    {
        (_front, _requests, _first, _queues) = (front, requests, first, call.Broker.Queues);
        V1.StreamReceiveOpen open = first.Open ?? throw Refusal.Invalid("open", "The first request says what to receive.");
        _queue = call.Queue(open.Queue, "open.queue");
        int processing = open.HasMaxProcessingSeconds
            ? Pages.Range(open.MaxProcessingSeconds, 0, QueueLimits.LeaseSecondsMax, "open.maxProcessingSeconds")
            : GrpcLimits.ProcessingSecondsDefault;
        _leaseSeconds = open.HasLeaseSeconds ? Pages.Range(open.LeaseSeconds, 1, QueueLimits.LeaseSecondsMax, "open.leaseSeconds") : LeaseOf(call);
        _deliveries = new Deliveries(_queues, _queue, _leaseSeconds, processing, front.Clock);
        _settlement = new Settlement(_queues, _queue, _deliveries);
        _asked = new Gathering<V1.StreamReceiveRequest>(GrpcLimits.StreamEntriesMax, GrpcLimits.StreamBytesMax, front.Budgets.Bodies);
        _answers = new Answers<V1.StreamReceiveResponse>(responses, context, front.Clock);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, front.Stopping);
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
    }

    public static async Task RunAsync(
        Front front, IAsyncStreamReader<V1.StreamReceiveRequest> requests, IServerStreamWriter<V1.StreamReceiveResponse> responses, ServerCallContext context)
    {
        Call call = front.OpenStream(context);
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, front.Stopping);
        if (await requests.NextAsync(opening.Token) is not { } first)
            return;
        using var stream = new ReceiveStream(front, call, first, requests, responses, context);
        // A queue that is not there is told at once, also without credit.
        (await call.Broker.Queues.GetAsync(stream._queue, opening.Token)).OrRefuse();
        await stream.RunAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _asked.Dispose();
        _credit.Dispose();
        _answers.Dispose();
        _stopped.Dispose();
        _ended.Dispose();
    }

    private int LeaseOf(Call call) => call.Broker.Queues.TryGetDefinition(_queue, out QueueDefinition? definition) ? Math.Max(1, definition.LeaseSeconds) : QueueLimits.LeaseSecondsDefault;

    private async Task RunAsync()
    {
        Task extending = EndOnFaultAsync(ExtendAsync);
        await Task.WhenAll(EndOnFaultAsync(ReadAsync), EndOnFaultAsync(DeliverAsync), EndOnFaultAsync(SettleAsync));
        await _ended.CancelAsync();
        await extending;
        _fault?.Throw();
        await _deliveries.GiveBackAsync();
    }

    // What fails first is the reason; the others only end by it.
    private async Task EndOnFaultAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(exception), null);
            await _ended.CancelAsync();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            await TakeAsync(TakeFirst());
            while (await _requests.NextAsync(_ended.Token) is { } request)
            {
                if (request.Open is not null)
                    throw Refusal.Invalid("open", "Only the first request says what to receive.");
                await TakeAsync(request);
            }
        }
        finally
        {
            await _stopped.CancelAsync();
            _asked.End();
        }
    }

    // It may be large, and the stream may go on for days.
    private V1.StreamReceiveRequest TakeFirst()
    {
        V1.StreamReceiveRequest first = _first!;
        _first = null;
        return first;
    }

    private async ValueTask TakeAsync(V1.StreamReceiveRequest request)
    {
        if (request.Credit != 0 && !_credit.TryAdd(request.Credit, _deliveries.Count))
            throw Refusal.Invalid("credit", $"Credit is 0 to {GrpcLimits.CreditMax}, together with what was delivered and is not settled.");
        if (request.Stop)
            await _stopped.CancelAsync();
        var parts = new RequestParts(Settlement.Count(request), Attributes: 0);
        if (parts.Entries > 0)
            await _asked.AddAsync(request, parts.Entries, StreamReading.Weigh(request, parts), _ended.Token);
    }

    private async Task DeliverAsync()
    {
        try
        {
            while (true)
            {
                int credit = await _credit.WaitAsync(_stopped.Token);
                var wanted = new ReceiveRequest(Math.Min(credit, QueueLimits.ReceiveMax), QueueLimits.ReceiveWaitSecondsMax, _leaseSeconds);
                Result<ReceivedMessages> result = await _queues.ReceiveAsync(_queue, wanted, _stopped.Token);
                if (!result.IsOk)
                {
                    await PassAsync(result.Error);
                    continue;
                }
                using ReceivedMessages received = result.Value;
                if (received.Count + received.Damaged.Count > 0)
                    await DeliverAsync(received);
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested && !_ended.IsCancellationRequested)
        {
            await _answers.WriteAsync(new V1.StreamReceiveResponse { Stopped = true });
        }
    }

    // A limit that passes by itself is waited for; what else refuses a receive ends the stream.
    private async ValueTask PassAsync(BrokerError error)
    {
        if (error.Code is ErrorCode.Stopping || error.Code.RetryAfterSeconds() == 0)
            throw Refusal.Of(error);
        await Task.Delay(TimeSpan.FromSeconds(error.Code.RetryAfterSeconds()), _front.Clock, _stopped.Token);
    }

    private async ValueTask DeliverAsync(ReceivedMessages received)
    {
        using var place = new BudgetShare(_front.Budgets.Answers, HttpLimits.AnswerBytesKept);
        if (!place.TryHold(received.TotalBytes))
        {
            // As if it had not been received. Its memory goes first: it is in nobody's bound while the stream waits.
            Receipt[] receipts = received.Receipts();
            received.Dispose();
            await _queues.ReturnAsync(_queue, receipts);
            await PassAsync(LentAnswer.Overloaded);
            return;
        }
        _credit.Take(received.Count + received.Damaged.Count);
        _deliveries.Add(received);
        await _answers.WriteAsync(DeliveryPages.Of(received));
    }

    private async Task SettleAsync()
    {
        while (await _asked.TakeAsync(_ended.Token) is { } batch)
        {
            await _answers.WriteAsync(await _settlement.RunAsync(batch));
        }
    }

    // As long as the client can still say that it is done, also after it has stopped deliveries.
    private async Task ExtendAsync()
    {
        using var timer = new PeriodicTimer(_deliveries.Beat, _front.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
                await _deliveries.ExtendAsync();
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The stream has ended, by itself or by what is told of it elsewhere.
        }
    }
}

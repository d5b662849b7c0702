using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;

namespace Messaging.Simulation.Broker;

/// <summary>Starts a redrive.</summary>
internal sealed class RedriveCall(BrokerWorld world, QueueKey key, RedriveRequest request) : CommandCall(world, key)
{
    private Result<LongOperation> _answer;
    private ErrorCode? _refusal;
    private ModelOperation? _started;
    private long _total;

    protected override bool Adds => true;

    public override string ToString() => $"redrive {Key.Name} to {request.Destination?.Value ?? "the origins"}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Operations.RedriveAsync(Key, request, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        BrokerModel model = World.History.Current;
        _refusal = queue is null ? ErrorCode.QueueNotFound
            : request.Destination == Key.Name ? ErrorCode.InvalidValue
            : request.Destination is { } name && model.Find(Key with { Name = name }) is null ? ErrorCode.QueueNotFound
            : request.Destination is { } other && model.Find(Key with { Name = other })!.Definition.Type != queue.Definition.Type ? ErrorCode.InvalidValue
            : model.Operations.Values.Any(operation => operation.Queue == queue.Number && !operation.HasEnded) ? ErrorCode.RedriveRunning
            : null;
        if (_refusal is not null)
        {
            return;
        }

        _total = queue!.Ready(now, int.MaxValue).Count;
        long number = model.Operations.Count == 0 ? 1 : model.Operations.Keys.Max() + 1;
        _started = new ModelOperation(number, queue.Number, Key, request, queue.Next);
        World.History.Sequence(ToString(), new OperationIs(_started));
    }

    protected override void JudgeAnswer()
    {
        ErrorCode? refusal = Found is null ? ErrorCode.QueueNotFound : Refusal ?? _refusal;
        CheckRefused(_answer.Error, refusal, this);
        World.Coverage.Count($"redrives that answered {refusal?.ToString() ?? "OK"}");
        if (_started is not null)
        {
            LongOperation answer = _answer.Value;
            Check(
                (answer.Number, answer.EndOffset, answer.ApproximateTotal, answer.Status) == (_started.Number, _started.EndOffset, _total, OperationStatus.Running),
                $"{this} is {_started} of {_total}, not {answer}");
            World.Operations[_started.Number] = answer.Id;
        }
    }
}

/// <summary>Tells a redrive to end.</summary>
internal sealed class CancelOperationCall(BrokerWorld world, QueueKey key, long number, OperationId id) : CommandCall(world, key)
{
    private Result<LongOperation> _answer;
    private ModelOperation? _operation;

    protected override bool NeedsNoRoom => false;

    public override string ToString() => $"cancel operation {number}";

    protected override async Task Ask(MessageBroker broker) =>
        _answer = await broker.Operations.CancelAsync(Key.Account, Key.Namespace, id, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        _operation = World.History.Current.Operations.GetValueOrDefault(number);
        if (_operation?.Key.Namespace != Key.Namespace)
        {
            // It was lost with a crash, and its number given again elsewhere.
            _operation = null;
        }

        if (_operation is { Status: OperationStatus.Running })
        {
            _operation = _operation with { Status = OperationStatus.Cancelling };
            World.History.Sequence(ToString(), new OperationIs(_operation));
        }
    }

    protected override void JudgeAnswer()
    {
        CheckRefused(_answer.Error, Refusal ?? (_operation is null ? ErrorCode.OperationNotFound : null), this);
        if (Refusal is null && _operation is not null)
        {
            Check(_answer.Value.Status == _operation.Status, $"{this} is {_operation.Status}, not {_answer.Value.Status}");
        }
    }
}

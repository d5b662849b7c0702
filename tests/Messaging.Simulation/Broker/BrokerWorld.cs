using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.TestKit;

namespace Messaging.Simulation.Broker;

/// <summary>What the calls of one run share: the broker under test, the model that judges it, and what clients remember over its crashes.</summary>
internal sealed class BrokerWorld
{
    private const string TraceVariable = "MESSAGING_SIMULATION_TRACE";

    private readonly Dictionary<MessageId, (int Number, long Offset)> _messages = [];
    private readonly Dictionary<(int Number, long Offset), MessageId> _ids = [];

    public BrokerWorld(Random random, SimulationCoverage coverage)
    {
        (Random, Coverage) = (random, coverage);
        Trace = Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 } file ? line => File.AppendAllText(file, line + "\n") : null;
        History = new History(Trace);
        Receipts = new ReceiptBook(random);
        Pump = new CallPump(() => new Step(Engine.SendsRefused, IsStopping, Engine.Admission.IsRefusing));
    }

    public Random Random { get; }

    public SimulationCoverage Coverage { get; }

    /// <summary>Told of every step of a run that is replayed.</summary>
    public Action<string>? Trace { get; }

    public History History { get; }

    public CallPump Pump { get; }

    /// <summary>Asked and not answered.</summary>
    public HashSet<SimulatedCall> Calls { get; } = [];

    /// <summary>Lists that go on with another page.</summary>
    public Queue<Func<SimulatedCall>> Pages { get; } = new();

    public ReceiptBook Receipts { get; }

    /// <summary>Ids of operations that clients were told, over all crashes.</summary>
    public Dictionary<long, OperationId> Operations { get; } = [];

    public MessageBroker Broker { get; set; } = null!;

    public ManualTimeProvider Time { get; set; } = new();

    public LogEngine Engine => Broker.Engine;

    /// <summary>By the broker's clock.</summary>
    public long NowMs => Broker.Clock.NowMs();

    /// <summary>Time that has passed since the broker started, whatever its clock says.</summary>
    public TimeSpan Uptime => Time.GetElapsedTime(0);

    /// <summary>Why the process is about to end.</summary>
    public Exception? Fatal { get; set; }

    public bool IsStopping { get; set; }

    /// <summary>Stored bytes may be damaged.</summary>
    public bool IsRotten { get; set; }

    /// <summary>The number of the next queue: an earlier one of the same name is another one.</summary>
    public int LastQueueNumber { get; set; }

    /// <summary>A message has one id for ever, and no other message ever has it.</summary>
    public void KnowId(int number, long offset, MessageId id)
    {
        _messages.TryAdd(id, (number, offset));
        _ids.TryAdd((number, offset), id);
        if (_messages[id] != (number, offset) || _ids[(number, offset)] != id)
        {
            throw new SimulationException($"message {offset} of queue {number} is {_ids[(number, offset)]} for ever, and only it; it is shown as {id}");
        }
    }

    /// <summary>The id that the message has, whether a client has seen it or not.</summary>
    public MessageId IdOf(ModelQueue queue, ModelMessage message)
    {
        Span<MessageId> ids = stackalloc MessageId[1];
        Broker.Keys.Identify(Real(queue).Stream.Id, [message.Offset], ids);
        return message.MovedId ?? ids[0];
    }

    /// <summary>Ids that clients hold, in the order in which they came.</summary>
    public IEnumerable<HeldId> KnownIds => _messages.Select(pair => new HeldId(pair.Value.Number, pair.Value.Offset, pair.Key));

    public (int Number, long Offset) PlaceOf(MessageId id) => _messages.GetValueOrDefault(id);

    /// <summary>Also of a message whose send was not answered; of one of a queue that has gone only where some client knows it.</summary>
    public MessageId IdOf(int number, long offset)
    {
        var ids = new MessageId[1];
        if (!_ids.TryGetValue((number, offset), out ids[0]) && History.Current.Queues.TryGetValue(number, out ModelQueue? queue))
        {
            Broker.Keys.Identify(Real(queue).Stream.Id, [offset], ids);
        }

        return ids[0];
    }

    /// <summary>The real queue behind a queue of the current model.</summary>
    public LiveQueue Real(ModelQueue queue)
    {
        SimulationException.Check(Broker.QueueDirectory.TryGet(queue.Key, out LiveQueue? real), $"queue {queue.Number}, {queue.Key.Name}, is there");
        return real!;
    }
}

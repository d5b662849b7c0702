using Messaging.Broker;
using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.TestKit;

namespace Messaging.Simulation.Broker;

/// <summary>One call of a client: what it asks, what it does to the model at the moment when it is sequenced, and what it may answer.</summary>
internal abstract class SimulatedCall(BrokerWorld world)
{
    private SynchronizationContext? _context;

    protected BrokerWorld World { get; } = world;

    /// <summary>Where it goes on after a wait.</summary>
    public SynchronizationContext Context => _context ??= World.Pump.ContextOf(this);

    /// <summary>The latest command that the answer tells of.</summary>
    protected long Tells { get; set; }

    public Task Task { get; private set; } = Task.CompletedTask;

    public void Start()
    {
        long waits = World.Engine.Admission.Waits;
        World.Pump.Run(this, () => Task = Ask(World.Broker));
        bool waitsForRoom = World.Engine.Admission.Waits > waits;
        Stepped(new Step(World.Engine.SendsRefused, World.IsStopping, WaitersAreRefused: false), waitsForRoom, isFirst: true);
        World.Trace?.Invoke($"{this} begins, {Task.Status}, waits for room {waitsForRoom}");
        Finish();
    }

    /// <summary>One step further.</summary>
    public void Resume()
    {
        long waits = World.Engine.Admission.Waits;
        BeforeStep();
        Step step = World.Pump.RunNext();
        bool waitsForRoom = World.Engine.Admission.Waits > waits;
        Stepped(step, waitsForRoom, isFirst: false);
        World.Trace?.Invoke($"{this} goes on, {Task.Status}, waits for room {waitsForRoom}");
        Finish();
    }

    protected abstract Task Ask(MessageBroker broker);

    protected virtual void BeforeStep()
    {
    }

    /// <summary>The call has made a step, and may wait for room now, so that it has sequenced nothing.</summary>
    protected abstract void Stepped(Step step, bool waitsForRoom, bool isFirst);

    /// <summary>The answer is there.</summary>
    protected abstract void Judge();

    protected static void Check(bool condition, string expected) => SimulationException.Check(condition, expected);

    /// <summary><paramref name="call"/> says itself what it is, only when it must.</summary>
    protected static void CheckRefused(BrokerError? error, ErrorCode? expected, object call)
    {
        if (error?.Code != expected)
        {
            throw new SimulationException($"{call} answers {expected?.ToString() ?? "OK"}, not {error?.Code.ToString() ?? "OK"}");
        }
    }

    private void Finish()
    {
        if (!Task.IsCompleted)
        {
            World.Calls.Add(this);
            return;
        }

        World.Calls.Remove(this);
        if (Task.IsFaulted)
        {
            // Nobody knows what became of it.
            Exception fault = Task.Exception.InnerException!;
            Check(
                fault is SimCrashException || (fault is StorageFaultException && World.Fatal is not null), $"a call faults only when the process is about to end: {fault}");
            World.Coverage.Count("calls that ended with the process");
            return;
        }

        Judge();
    }
}

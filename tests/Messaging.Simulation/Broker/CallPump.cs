namespace Messaging.Simulation.Broker;

/// <summary>
/// Where calls go on after a wait: in one line, on the simulation's thread, one step at a time and when the schedule says so. Every call has a
/// context of its own, so that each step is known to be of one call. No pool thread decides anything.
/// </summary>
internal sealed class CallPump(Func<Step> now)
{
    private readonly Queue<(SimulatedCall Call, SendOrPostCallback Run, object? State, Step Step)> _line = new();

    public int Count => _line.Count;

    public SimulatedCall Next => _line.Peek().Call;

    /// <summary>One for the whole call: a step that ends a wait of the same call goes on at once.</summary>
    public SynchronizationContext ContextOf(SimulatedCall call) => new CallContext(this, call);

    public bool IsInLine(SimulatedCall call) => _line.Any(step => step.Call == call);

    public void Run(SimulatedCall call, Action begin)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(call.Context);
        try
        {
            begin();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public Step RunNext()
    {
        (SimulatedCall call, SendOrPostCallback run, object? state, Step step) = _line.Dequeue();
        Run(call, () => run(state));
        return step;
    }

    private Step Now => now();

    /// <summary>The process is gone: nothing goes on.</summary>
    public void Clear() => _line.Clear();

    private sealed class CallContext(CallPump pump, SimulatedCall call) : SynchronizationContext
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public override void Post(SendOrPostCallback d, object? state)
        {
            Harness.SimulationException.Check(Environment.CurrentManagedThreadId == _thread, "every step is posted by the simulation's own thread");
            pump._line.Enqueue((call, d, state, pump.Now));
        }

        public override SynchronizationContext CreateCopy() => this;
    }
}

/// <summary>
/// How it was when a call was told to go on: where it waited for room, whether it has been given that or refused. <see cref="WaitersAreRefused"/>: it waited, and
/// no turn of maintenance can free any.
/// </summary>
internal readonly record struct Step(bool RecordsAreRefused, bool IsStopping, bool WaitersAreRefused);

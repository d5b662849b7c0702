namespace Messaging.TestKit.Histories;

/// <summary>What came of one call, for whoever made it. <see cref="Refused"/>: the server's refusal of the whole call.</summary>
internal readonly record struct CallResult<T>(Outcome Outcome, T? Value, CallTime Time, RefusedException? Refused)
    where T : class;

/// <summary>
/// The part of a history that is alike for all that clients can call: how many calls were answered, and what the server said of itself. Thread-safe; read it when all clients are done.
/// </summary>
internal abstract class CallLog
{
    private readonly Lock _lock = new();
    private readonly List<(int Calls, TaskCompletionSource Reached)> _waiting = [];
    private int _answered;
    private long _lastCall;

    /// <summary>Answers in which the server said that it failed (500).</summary>
    public int Faults { get; private set; }

    /// <summary>Answers with messages that could not be read from the disk.</summary>
    public int Damages { get; private set; }

    /// <summary>Calls that succeeded.</summary>
    public int Answered => Volatile.Read(ref _answered);

    public long NextCall() => Interlocked.Increment(ref _lastCall);

    /// <summary>The disk was taken away: what could not be read since is no damage.</summary>
    public void ForgiveDamages() => Add(() => Damages = 0);

    /// <summary>Completes when so many more calls have succeeded.</summary>
    public Task MoreAnswersAsync(int calls)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _waiting.Add((_answered + calls, reached));
        return reached.Task;
    }

    /// <summary>Makes a call. One without an answer is <see cref="Outcome.Unknown"/>, and so is one in which the server failed.</summary>
    public async Task<CallResult<T>> RunAsync<T>(Func<Task<T>> call, TimeProvider clock)
        where T : class
    {
        DateTimeOffset began = clock.GetUtcNow();
        CallTime Time() => new(began, clock.GetUtcNow());
        try
        {
            T value = await call();
            CallTime time = Time();
            AddAnswer();
            return new CallResult<T>(Outcome.Succeeded, value, time, null);
        }
        catch (RefusedException refused)
        {
            if (refused.IsFault) Add(() => Faults++);
            return new CallResult<T>(refused.IsFault ? Outcome.Unknown : Outcome.Refused, null, Time(), refused);
        }
        catch (DamagedException)
        {
            Add(() => Damages++);
            return new CallResult<T>(Outcome.Unknown, null, Time(), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new CallResult<T>(Outcome.Unknown, null, Time(), null);
        }
    }

    protected void Add(Action add)
    {
        lock (_lock)
            add();
    }

    private void AddAnswer()
    {
        lock (_lock)
        {
            _answered++;
            foreach ((int calls, TaskCompletionSource reached) in _waiting)
            {
                if (_answered >= calls) reached.TrySetResult();
            }
        }
    }
}

namespace Messaging.Http;

/// <summary>The bounds on what all fronts of the process buffer together. One for the process, thread-safe.</summary>
/// <param name="memoryBytes">What the process may have, such as a container's limit: each budget is at most a sixth of it.</param>
public sealed class BufferBudgets(long memoryBytes) : IDisposable
{
    private const int Share = 6;

    private const int UncountedShare = 8;

    private readonly long _uncountedBytesMax = memoryBytes / UncountedShare;
    private readonly SemaphoreSlim _composing = new(HttpLimits.ComposingMax);

    /// <summary>Of request bodies that came in more than one piece.</summary>
    public BufferBudget Bodies { get; } = new(Bounded(HttpLimits.BufferedBytesMax, memoryBytes));

    /// <summary>The same of those whose caller has shown no key that the server knows, where it asks for one.</summary>
    public BufferBudget UnknownBodies { get; } = new(HttpLimits.UnknownBytesMax);

    /// <summary>Of large answers that wait for their readers, and of what they are made from.</summary>
    public BufferBudget Answers { get; } = new(Bounded(HttpLimits.AnswerBytesMax, memoryBytes));

    /// <summary>
    /// Composes an answer from so many bytes, and takes its place; false where there is none. Those of more than <see cref="HttpLimits.PooledBytesMax"/> take a place for what they are made from as well, and wait for each other.
    /// </summary>
    public async ValueTask<bool> ComposeAsync<TState>(BufferedAnswer answer, long bytes, TimeProvider clock, TState state, Action<BufferedAnswer, TState> write)
    {
        if (bytes <= HttpLimits.PooledBytesMax)
        {
            write(answer, state);
            return answer.TryReserve(Answers, clock);
        }
        if (!Answers.TryTake(bytes))
            return false;
        try
        {
            await _composing.WaitAsync(CancellationToken.None);
            try
            {
                answer.Expect(bytes);
                write(answer, state);
                return answer.TryReserve(Answers, clock);
            }
            finally
            {
                _composing.Release();
            }
        }
        finally
        {
            Answers.Return(bytes);
        }
    }

    /// <summary>
    /// The streams of all connections hold more in Kestrel's buffers than what is too small for the budgets may have together: an eighth of the memory. REST's answers are held by
    /// their writers as well until they are read, so that it is a quarter at the most.
    /// </summary>
    /// <param name="heldBytes">What they hold, with what the budgets count of it.</param>
    public bool AreExceededBy(long heldBytes) => heldBytes > _uncountedBytesMax && heldBytes > _uncountedBytesMax + Bodies.Taken + Answers.Taken;

    /// <inheritdoc/>
    public void Dispose() => _composing.Dispose();

    private static long Bounded(long most, long memoryBytes) => Math.Min(most, Math.Max(memoryBytes / Share, HttpLimits.BudgetBytesMin));
}

namespace Messaging.Http;

/// <summary>The bounds on what all fronts of the process buffer together. One for the process, thread-safe.</summary>
public sealed class BufferBudgets
{
    /// <summary>Of request bodies that came in more than one piece.</summary>
    public BufferBudget Bodies { get; } = new(HttpLimits.BufferedBytesMax);

    /// <summary>Of large answers that wait for their readers.</summary>
    public BufferBudget Answers { get; } = new(HttpLimits.AnswerBytesMax);
}

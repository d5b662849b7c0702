namespace Messaging.Benchmarks.Http;

/// <summary>What one connection says: its next request, given the answer to the last one. Used by the load's one thread.</summary>
internal abstract class HttpScript
{
    /// <summary>The whole next request, head and body, ready to send.</summary>
    public abstract ReadOnlyMemory<byte> Request { get; }

    /// <summary>Takes the answer in and moves on; returns the messages that it stands for.</summary>
    public abstract int Answered(int status, ReadOnlySpan<byte> body);
}

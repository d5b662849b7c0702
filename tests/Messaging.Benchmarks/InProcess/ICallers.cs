using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.InProcess;

/// <summary>Something durable in this process that callers append 1 KiB to, again and again.</summary>
internal interface ICallers : IAsyncDisposable
{
    /// <summary>What the journal did so far.</summary>
    SyncCounts Counts { get; }

    /// <summary>One durable append by the caller of that number; completes when it is synced.</summary>
    ValueTask AppendAsync(int caller);
}

using System.Diagnostics;

namespace Messaging.Benchmarks.InProcess;

/// <summary>How long a sync is made to take: at least so long in all, or so much longer than it took. The default adds nothing.</summary>
internal readonly record struct SyncDelay(TimeSpan Least, TimeSpan More)
{
    /// <summary>A sleep ends up to this much late (50 us of timer slack, and a switch); what is left is spun.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(0.15);

    /// <summary>Called when the sync that began at <paramref name="started"/> has returned.</summary>
    public void Wait(long started)
    {
        if (this == default)
        {
            return;
        }

        TimeSpan took = Stopwatch.GetElapsedTime(started);
        TimeSpan until = TimeSpan.FromTicks(Math.Max(Least.Ticks, took.Ticks + More.Ticks));
        int wholeMilliseconds = (int)(until - took - Slack).TotalMilliseconds;
        if (wholeMilliseconds > 0)
        {
            Thread.Sleep(wholeMilliseconds);
        }

        while (Stopwatch.GetElapsedTime(started) < until)
        {
            Thread.SpinWait(8);
        }
    }
}

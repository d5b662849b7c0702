using System.Diagnostics;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.InProcess;

/// <summary>When each quiet message of a run was sent, and when it was received: the moments of the answers. Safe for concurrent calls.</summary>
internal sealed class QuietMessages
{
    /// <summary>In a body: it is none of them.</summary>
    public const long None = -1;

    private readonly TaskCompletionSource _allReceived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long[] _sent;
    private readonly long[] _received;
    private int _missing;

    public QuietMessages(int count)
    {
        (_sent, _received, _missing) = (new long[count], new long[count], count);
        if (count == 0)
        {
            _allReceived.SetResult();
        }
    }

    public Task AllReceived => _allReceived.Task;

    public void Sent(int number) => _sent[number] = Stopwatch.GetTimestamp();

    public void Received(long number)
    {
        _received[number] = Stopwatch.GetTimestamp();
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _allReceived.SetResult();
        }
    }

    /// <summary>Zero where the receiver had it before the sender had its answer. After the run.</summary>
    public Latencies Waits()
    {
        var waits = new Latencies();
        for (int number = 0; number < _sent.Length; number++)
        {
            waits.Add(_sent[number], _received[number]);
        }

        return waits;
    }
}

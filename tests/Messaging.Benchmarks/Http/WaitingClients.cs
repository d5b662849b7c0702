using System.Diagnostics;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Http;

/// <summary>A connection on each of many queues that waits there for one message, and one that sends to one queue after the other.</summary>
internal sealed class WaitingClients : IDisposable
{
    private const int BodyBytes = 100;

    private readonly HttpConnection[] _waiters;
    private readonly HttpConnection _sender;
    private int _next;

    /// <summary>Connects; sends go to the queues in their order.</summary>
    public WaitingClients(int port, string[] queues, int waitSeconds)
    {
        _waiters = [.. queues.Select(queue => new HttpConnection(port, new ConsumeScript(queue, 1, waitSeconds: waitSeconds)))];
        _sender = new HttpConnection(port, new SendScript([.. queues.Select(queue => HttpRequest.Send(queue, 1, BodyBytes))], 1));
    }

    /// <summary>All begin to wait.</summary>
    public void BeginAll()
    {
        foreach (HttpConnection waiter in _waiters)
        {
            waiter.Send(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>One send at a time; whoever got its message acknowledges it and waits again.</summary>
    public Task<WakeSample> RunAsync(double seconds) =>
        Task.Factory.StartNew(() => Run(seconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        _sender.Dispose();
        foreach (HttpConnection waiter in _waiters)
        {
            waiter.Dispose();
        }
    }

    private WakeSample Run(double seconds)
    {
        var sample = new WakeSample(new Latencies(), new Latencies());
        long begun = Stopwatch.GetTimestamp();
        long deadline = begun + (long)(seconds * Stopwatch.Frequency);
        while (begun < deadline)
        {
            HttpConnection waiter = _waiters[_next];
            _next = (_next + 1) % _waiters.Length;
            _sender.Send(begun);
            (long sent, long woken) = UntilBoth(_sender, waiter);
            sample.Sends.Add(begun, sent);

            // The waiter may have been answered first: then the send's answer made nobody wait.
            sample.Waits.Add(sent, woken);
            waiter.Send(woken);
            while (waiter.Receive() < 0)
            {
            }

            begun = Stopwatch.GetTimestamp();
            waiter.Send(begun);
        }

        return sample;
    }

    private static unsafe (long First, long Second) UntilBoth(HttpConnection first, HttpConnection second)
    {
        Span<long> answered = [0, 0];
        HttpConnection[] both = [first, second];
        LibC.PollEntry* entries = stackalloc LibC.PollEntry[2];
        entries[0] = new LibC.PollEntry { File = first.File, Wanted = LibC.PollIn };
        entries[1] = new LibC.PollEntry { File = second.File, Wanted = LibC.PollIn };
        while (answered[0] == 0 || answered[1] == 0)
        {
            _ = LibC.Poll(entries, 2, -1);
            for (int index = 0; index < 2; index++)
            {
                if (entries[index].Found != 0 && both[index].Receive() >= 0)
                {
                    answered[index] = Stopwatch.GetTimestamp();
                    // A negative file is passed over by poll.
                    entries[index].File = -1;
                }
            }
        }

        return (answered[0], answered[1]);
    }
}

/// <summary>Of each send: from its answer to the waiter's, and how long its own took.</summary>
internal sealed record WakeSample(Latencies Waits, Latencies Sends);

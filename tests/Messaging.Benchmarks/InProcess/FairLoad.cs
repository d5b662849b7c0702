using System.Diagnostics;
using Messaging.Benchmarks.Measuring;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>
/// A broker of its own with one queue a run, and workers that each receive one message, need about ten milliseconds for it, and acknowledge it. Messages come by the clock, whether
/// or not the workers keep up: <see cref="Utilization"/> of what they can do, all but a hundredth of it from one group, which has a backlog besides that outlasts the
/// run, so that no worker is ever without work. What is measured is the hundredth.
/// </summary>
internal sealed class FairLoad : IAsyncDisposable
{
    public const int Workers = 100;
    public const int Groups = 1_000;
    public const double Utilization = 0.9;
    public const double NoisyShare = 0.99;

    // Of what the workers do in a run; in the run they work off what is left of their time, and the rest is for workers that were calibrated too low.
    private const double BacklogShare = 0.5;
    private const double CalibrationSeconds = 3;
    private const double CalibrationMessages = 2 * 100 * Workers * CalibrationSeconds;

    private static readonly TimeSpan WorkTime = TimeSpan.FromMilliseconds(10);

    private readonly MessageBroker _broker;
    private readonly WorkClock _clock = new(WorkTime);
    private int _runs;

    private FairLoad(MessageBroker broker) => _broker = broker;

    /// <summary>Messages a second that the workers do when there are always some.</summary>
    public double Capacity { get; private set; }

    /// <summary>The least that was still ready when a run with the noisy group had ended.</summary>
    public long BacklogLeftMin { get; private set; } = long.MaxValue;

    public static async Task<FairLoad> OpenAsync(string folder)
    {
        var load = new FairLoad(MessageBroker.Open(
            new PosixDisk(folder), new BrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance, fault => Environment.FailFast("The engine failed.", fault)));

        // The first time compiles.
        await load.CalibrateAsync();
        load.Capacity = await load.CalibrateAsync();
        return load;
    }

    /// <summary>Latencies are those of quiet messages, from the send's answer to the receive's.</summary>
    public async Task<Sample> RunAsync(FairMix mix, double seconds)
    {
        QueueKey queue = await NewQueueAsync();
        double rate = Capacity * Utilization;
        var arrivals = new FairArrivals(_broker, queue, mix, (int)(rate * (1 - NoisyShare) * seconds));
        if (mix is FairMix.Noisy or FairMix.NoisyWithoutGroups)
        {
            await arrivals.SendOthersAsync((long)(Capacity * BacklogShare * seconds));
        }

        var workers = new FairWorkers(_broker, queue, _clock, arrivals.Quiet);
        await arrivals.RunAsync(seconds, mix == FairMix.QuietAlone ? 0 : rate * NoisyShare);
        await workers.StopAsync();
        if (mix == FairMix.Noisy)
        {
            BacklogLeftMin = Math.Min(BacklogLeftMin, Must.Succeed(await _broker.Queues.GetAsync(queue, CancellationToken.None)).Counts.Ready);
        }

        Must.Succeed(await _broker.Queues.DeleteAsync(queue, CancellationToken.None));
        Latencies waits = arrivals.Quiet.Waits();
        return new Sample(waits.Count / seconds, waits);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _clock.Dispose();
    }

    private async Task<double> CalibrateAsync()
    {
        QueueKey queue = await NewQueueAsync();
        var arrivals = new FairArrivals(_broker, queue, FairMix.Noisy, 0);
        await arrivals.SendOthersAsync((long)CalibrationMessages);
        long begun = Stopwatch.GetTimestamp();
        var workers = new FairWorkers(_broker, queue, _clock, arrivals.Quiet);
        await Task.Delay(TimeSpan.FromSeconds(CalibrationSeconds));
        long done = workers.Done;
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await workers.StopAsync();
        Must.Succeed(await _broker.Queues.DeleteAsync(queue, CancellationToken.None));
        return done / seconds;
    }

    private async Task<QueueKey> NewQueueAsync()
    {
        QueueKey queue = Must.Key($"fair-{++_runs}");
        Must.Succeed(await _broker.Queues.PutAsync(queue, new QueueDefinition(), CancellationToken.None));
        return queue;
    }
}

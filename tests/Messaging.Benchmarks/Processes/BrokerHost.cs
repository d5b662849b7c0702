using System.Globalization;
using Messaging.Benchmarks.InProcess;
using Messaging.Broker;
using Messaging.Broker.Queues;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.Processes;

/// <summary>
/// A process that holds a broker without a front and does what its standard input says, a line a command, each answered by one line:
/// the loader of large backlogs, and what memory is measured on. See <see cref="BrokerProcess"/> for the other end.
/// </summary>
internal static class BrokerHost
{
    /// <summary>The first argument of a process that is this host; the second is its data folder.</summary>
    public const string Argument = "broker-host";

    public const string Create = "create", CreateFifo = "create-fifo", Load = "load", LoadGroups = "load-groups", LoadScheduled = "load-scheduled";
    public const string Churn = "churn", Send = "send", Consume = "consume", Collect = "collect", Stop = "stop";

    public static async Task RunAsync(string folder)
    {
        await using var broker = MessageBroker.Open(
            new PosixDisk(folder), new BrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance,
            fault => Environment.FailFast("The engine failed.", fault));
        var work = new BrokerWork(broker);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line && line != Stop)
        {
            string[] words = line.Split(' ');
            long[] numbers = [.. words.Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
            Console.WriteLine(words[0] switch
            {
                Create => await work.CreateAsync((int)numbers[0], QueueType.Standard),
                CreateFifo => await work.CreateAsync((int)numbers[0], QueueType.Fifo),
                Load => await work.LoadAsync(numbers[0], (int)numbers[1], new MessagePattern((int)numbers[2])),
                LoadGroups => await work.LoadAsync(numbers[0], 1, new MessagePattern((int)numbers[2], (int)numbers[1])),
                LoadScheduled => await work.LoadAsync(numbers[0], 1, new MessagePattern((int)numbers[1], 0, numbers[2], numbers[3])),
                Send => await work.SendAsync(numbers[0] / 1e3, new MessagePattern((int)numbers[1], 0, numbers[2], numbers[3])),
                Consume => await work.ConsumeAsync(numbers[0]),
                Churn => await work.ChurnAsync((int)numbers[0]),
                Collect => CollectAll(),
                _ => throw new InvalidOperationException($"{line} is no command."),
            });
        }
    }

    public static string NameOf(int queue) => $"queue-{queue}";

    /// <summary>What is left of the managed heap when all garbage is gone and the heap is compacted. Bytes.</summary>
    private static long CollectAll()
    {
        for (int time = 0; time < 3; time++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

using System.Globalization;
using System.Text;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.Processes;

/// <summary>
/// A process that holds a broker without a front and does what its standard input says, a line a command, each answered by one line:
/// the loader of large backlogs, and what memory is measured on. See <see cref="BrokerProcess"/> for the other end.
/// </summary>
internal sealed class BrokerHost(MessageBroker broker)
{
    /// <summary>The first argument of a process that is this host; the second is its data folder.</summary>
    public const string Argument = "broker-host";

    public const string Create = "create", Load = "load", Churn = "churn", Collect = "collect", Stop = "stop";

    private const int Batch = 1000;
    private const int Loaders = 8;

    public static async Task RunAsync(string folder)
    {
        await using var broker = MessageBroker.Open(
            new PosixDisk(folder), new BrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance,
            fault => Environment.FailFast("The engine failed.", fault));
        var host = new BrokerHost(broker);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line && line != Stop)
        {
            string[] words = line.Split(' ');
            long[] numbers = [.. words.Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
            Console.WriteLine(words[0] switch
            {
                Create => await host.CreateAsync((int)numbers[0]),
                Load => await host.LoadAsync(numbers[0], (int)numbers[1], (int)numbers[2]),
                Churn => await host.ChurnAsync((int)numbers[0]),
                Collect => CollectAll(),
                _ => throw new InvalidOperationException($"{line} is no command."),
            });
        }
    }

    public static string NameOf(int queue) => $"queue-{queue}";

    private static QueueKey KeyOf(string name) =>
        QueueName.TryParse(name, out QueueName queue)
            ? new QueueKey(AccountId.Default, NamespaceName.Default, queue)
            : throw new InvalidOperationException($"{name} names no queue.");

    private static T Value<T>(Result<T> result) => result.IsOk ? result.Value : throw new InvalidOperationException(result.Error.ToString());

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

    private async Task<long> CreateAsync(int queues)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, queues), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (queue, cancellationToken) =>
            Value(await broker.PutQueueAsync(KeyOf(NameOf(queue)), new QueueDefinition(), cancellationToken)));
        return queues;
    }

    /// <summary>Messages of so many bytes, the same number in each of the first queues.</summary>
    private async Task<long> LoadAsync(long messages, int queues, int bytes)
    {
        var batch = new OutgoingMessage[Batch];
        Array.Fill(batch, new OutgoingMessage { Body = Encoding.ASCII.GetBytes(new string('x', bytes)) });
        long batchesPerQueue = messages / queues / Batch;
        for (long round = 0; round < batchesPerQueue; round += queues == 1 ? Loaders : 1)
        {
            int sends = queues == 1 ? (int)Math.Min(Loaders, batchesPerQueue - round) : queues;
            await Parallel.ForEachAsync(Enumerable.Range(0, sends), new ParallelOptions { MaxDegreeOfParallelism = Loaders }, async (send, cancellationToken) =>
            {
                SendOutcome[] outcomes = Value(await broker.SendAsync(KeyOf(NameOf(queues == 1 ? 0 : send)), batch, cancellationToken));
                if (outcomes.Any(outcome => outcome.Error is not null))
                {
                    throw new InvalidOperationException("A message was refused.");
                }
            });
        }

        return batchesPerQueue * Batch * queues;
    }

    /// <summary>Sends, receives and acknowledges on the first queue, so that what is compiled and pooled at first use is there.</summary>
    private async Task<long> ChurnAsync(int rounds)
    {
        QueueKey key = KeyOf(NameOf(0));
        for (int round = 0; round < rounds; round++)
        {
            await LoadAsync(Batch, 1, 100);
            using ReceivedMessages received = Value(await broker.ReceiveAsync(key, new ReceiveRequest(Batch, 0, 600), CancellationToken.None));
            var receipts = new Receipt[received.Count];
            for (int index = 0; index < receipts.Length; index++)
            {
                receipts[index] = received[index].Receipt;
            }

            Value(await broker.AcknowledgeAsync(key, receipts, CancellationToken.None));
        }

        return rounds;
    }
}

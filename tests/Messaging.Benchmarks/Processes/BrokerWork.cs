using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Benchmarks.Processes;

/// <summary>What <see cref="BrokerHost"/> can be told to do with its broker. Each answers how many it did.</summary>
internal sealed class BrokerWork(MessageBroker broker)
{
    private const int LoadBatch = 1000;
    private const int Loaders = 8;
    private const int Senders = 64;
    private const int Consumers = 16;
    private const int ConsumerBatch = 10;
    private const int LeaseSeconds = 600;

    private long _sent;

    public async Task<long> CreateAsync(int queues, QueueType type)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, queues), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (queue, cancellationToken) =>
            Must.Succeed(await broker.Queues.PutAsync(Must.Key(BrokerHost.NameOf(queue)), new QueueDefinition { Type = type }, cancellationToken)));
        return queues;
    }

    /// <summary>Messages of the pattern, the same number in each of the first queues.</summary>
    public async Task<long> LoadAsync(long messages, int queues, MessagePattern pattern)
    {
        long batchesPerQueue = messages / queues / LoadBatch;
        for (long round = 0; round < batchesPerQueue; round += queues == 1 ? Loaders : 1)
        {
            long first = round;
            int sends = queues == 1 ? (int)Math.Min(Loaders, batchesPerQueue - round) : queues;
            await Parallel.ForEachAsync(Enumerable.Range(0, sends), new ParallelOptions { MaxDegreeOfParallelism = Loaders }, async (send, cancellationToken) =>
            {
                OutgoingMessage[] batch = pattern.Batch((queues == 1 ? first + send : first) * LoadBatch, LoadBatch);
                Must.Succeed(await broker.Queues.SendAsync(Must.Key(BrokerHost.NameOf(queues == 1 ? 0 : send)), batch, cancellationToken));
            });
        }

        return batchesPerQueue * LoadBatch * queues;
    }

    /// <summary>Sends, receives and acknowledges on the first queue, so that what is compiled and pooled at first use is there.</summary>
    public async Task<long> ChurnAsync(int rounds)
    {
        var pattern = new MessagePattern(100);
        for (int round = 0; round < rounds; round++)
        {
            await LoadAsync(LoadBatch, 1, pattern);
            await ConsumeOnceAsync(LoadBatch);
        }

        return rounds;
    }

    /// <summary>So many callers that send one message of the pattern at a time to the first queue, for so long.</summary>
    public async Task<long> SendAsync(double seconds, MessagePattern pattern)
    {
        QueueKey queue = Must.Key(BrokerHost.NameOf(0));
        OutgoingMessage[][] messages = [.. Enumerable.Range(0, Senders).Select(_ => new OutgoingMessage[1])];
        Sample sample = await ClosedLoop.RunAsync(Senders, seconds, async caller =>
        {
            messages[caller][0] = pattern.At(Interlocked.Increment(ref _sent));
            Must.Succeed(await broker.Queues.SendAsync(queue, messages[caller], CancellationToken.None).ConfigureAwait(false));
        });
        return sample.Latencies.Count;
    }

    /// <summary>Receives and acknowledges so many of the first queue; fewer where there are no more.</summary>
    public async Task<long> ConsumeAsync(long messages)
    {
        long consumed = 0;
        await Task.WhenAll(Enumerable.Range(0, Consumers).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref consumed) < messages && await ConsumeOnceAsync(ConsumerBatch).ConfigureAwait(false) is > 0 and int more)
            {
                Interlocked.Add(ref consumed, more);
            }
        })));
        return consumed;
    }

    private async Task<int> ConsumeOnceAsync(int max)
    {
        QueueKey queue = Must.Key(BrokerHost.NameOf(0));
        using ReceivedMessages received = Must.Succeed(await broker.Queues.ReceiveAsync(queue, new ReceiveRequest(max, 0, LeaseSeconds), CancellationToken.None).ConfigureAwait(false));
        var receipts = new Receipt[received.Count];
        for (int index = 0; index < receipts.Length; index++)
        {
            receipts[index] = received[index].Receipt;
        }

        if (receipts.Length > 0)
        {
            Must.Succeed(await broker.Queues.AcknowledgeAsync(queue, receipts, CancellationToken.None).ConfigureAwait(false));
        }

        return receipts.Length;
    }
}

using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>
/// A broker of its own, with default options, over a folder; and callers that publish some records of 1 KiB at a time to one topic, around its partitions. Nobody reads them.
/// </summary>
internal sealed class PartitionCallers : IAsyncDisposable
{
    public const int Callers = 16;
    public const int RecordsPerCall = 10;
    private const int RecordBytes = 1024;

    private readonly MessageBroker _broker;
    private readonly TopicKey _topic;
    private readonly int _partitions;
    private readonly byte[] _value = new byte[RecordBytes];
    private readonly OutgoingRecord[][] _records = [.. Enumerable.Range(0, Callers).Select(_ => new OutgoingRecord[RecordsPerCall])];
    private long _next;

    private PartitionCallers(MessageBroker broker, TopicKey topic, int partitions) => (_broker, _topic, _partitions) = (broker, topic, partitions);

    public static async Task<PartitionCallers> OpenAsync(string folder, int partitions)
    {
        var broker = MessageBroker.Open(
            new PosixDisk(folder), new BrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance, fault => Environment.FailFast("The engine failed.", fault));
        TopicKey topic = Must.Topic("records");
        Must.Succeed(await broker.Topics.PutAsync(topic, new TopicDefinition { Partitions = partitions }, default, CancellationToken.None));
        return new PartitionCallers(broker, topic, partitions);
    }

    /// <summary>One publish, each of whose records goes to the partition after that of the last one.</summary>
    public ValueTask PublishRecordsAsync(int caller) => PublishAsync(caller, Interlocked.Add(ref _next, RecordsPerCall), 1);

    /// <summary>One publish, all of whose records go to the partition after that of the last publish.</summary>
    public ValueTask PublishCallsAsync(int caller) => PublishAsync(caller, Interlocked.Increment(ref _next), 0);

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async ValueTask PublishAsync(int caller, long first, int step)
    {
        OutgoingRecord[] records = _records[caller];
        for (int index = 0; index < records.Length; index++)
        {
            records[index] = new OutgoingRecord { Value = _value, Partition = (int)((first + (index * step)) % _partitions) };
        }

        Must.Succeed(await _broker.Topics.PublishAsync(_topic, records, null, CancellationToken.None).ConfigureAwait(false));
    }
}

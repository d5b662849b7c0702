using Messaging.Benchmarks.Measuring;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>A broker of its own, with default options, over a folder; and callers that send one message of 1 KiB each to one queue. Nobody receives them.</summary>
internal sealed class BrokerCallers : ICallers
{
    private readonly MessageBroker _broker;
    private readonly MeasuredDisk _disk;
    private readonly QueueKey _queue;
    private readonly OutgoingMessage[] _message = [new() { Body = new byte[EngineCallers.PayloadBytes] }];

    private BrokerCallers(MessageBroker broker, MeasuredDisk disk, QueueKey queue) => (_broker, _disk, _queue) = (broker, disk, queue);

    public SyncCounts Counts => _disk.Counts;

    public static async Task<BrokerCallers> OpenAsync(string folder, SyncDelay delay = default)
    {
        var disk = new MeasuredDisk(new PosixDisk(folder), delay);
        var broker = MessageBroker.Open(disk, new BrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance, fault => Environment.FailFast("The engine failed.", fault));
        QueueKey queue = Must.Key("sends");
        Must.Succeed(await broker.Queues.PutAsync(queue, new QueueDefinition(), CancellationToken.None));
        return new BrokerCallers(broker, disk, queue);
    }

    public async ValueTask AppendAsync(int caller) =>
        Must.Succeed(await _broker.Queues.SendAsync(_queue, _message, CancellationToken.None).ConfigureAwait(false));

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}

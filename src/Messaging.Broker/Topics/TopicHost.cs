using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Time;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>What the operations on topics share. One instance a broker.</summary>
internal sealed class TopicHost(QueueHost host, TopicDirectory topics) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>What queues and topics have in common.</summary>
    public QueueHost Shared => host;

    public LogEngine Engine => host.Engine;

    public BrokerClock Clock => host.Clock;

    public TimeProvider Time => host.Time;

    public MessageKeys Keys => host.Keys;

    public TopicDirectory Topics => topics;

    public PartitionReader Reader { get; } = new(host.Engine, host.Time);

    /// <summary>Every operation counts itself.</summary>
    public CallCounter Calls => host.Calls;

    /// <summary>The broker stops: whoever waits goes on.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public static BrokerError TopicNotFound(in TopicKey key) => new(ErrorCode.TopicNotFound, $"There is no topic \"{key.Name}\".");

    public static BrokerError PartitionNotFound(LiveTopic topic, int number) => new(
        ErrorCode.PartitionNotFound, $"The topic \"{topic.Key.Name}\" has the partitions 0 to {topic.Partitions.Length - 1}, not {number}.", "partition");

    /// <summary>The topic, or why not.</summary>
    public BrokerError? Find(in TopicKey key, out LiveTopic topic)
    {
        topic = null!;
        if (host.IsStopping) return QueueHost.StoppingError;
        return topics.TryGet(key, out topic!) ? null : TopicNotFound(key);
    }

    /// <summary>The partition, or why not.</summary>
    public BrokerError? Find(in TopicKey key, int number, out LivePartition partition)
    {
        partition = null!;
        if (Find(key, out LiveTopic topic) is { } refusal) return refusal;
        LivePartition[] partitions = topic.Partitions;
        if ((uint)number >= (uint)partitions.Length) return PartitionNotFound(topic, number);
        partition = partitions[number];
        return null;
    }

    /// <summary>Ends all waiting.</summary>
    public void BeginStop() => _stopping.Cancel();

    /// <summary>Admits a command of records that are in memory already; what lends it is disposed of where the command is refused or cancelled, and is the caller's else.</summary>
    public async ValueTask<Admission> AdmitRecordsAsync(int bytes, IDisposable? lent, CancellationToken cancellationToken)
    {
        bool isAdmitted = false;
        try
        {
            Admission admission = await host.Engine.AdmitRecordsAsync(bytes, cancellationToken);
            isAdmitted = !admission.IsRefused;
            return admission;
        }
        finally
        {
            if (!isAdmitted) lent?.Dispose();
        }
    }

    /// <summary>The refusal, once what it tells of is synced.</summary>
    public ValueTask<BrokerError> ToldAsync(BrokerError refusal) => host.ToldAsync(refusal);

    /// <summary>Why the engine has not admitted a command.</summary>
    public ValueTask<BrokerError> WhyNotAdmittedAsync() => host.WhyNotAdmittedAsync();

    public void Dispose() => _stopping.Dispose();
}

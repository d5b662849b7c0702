using System.Text;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Push;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>A broker of its own over a folder, with a topic that is pushed to one endpoint.</summary>
internal sealed class PushedTopic : IAsyncDisposable
{
    /// <summary>JSON, since the sink reads it.</summary>
    public static readonly byte[] Body = Encoding.ASCII.GetBytes($"\"{new string('x', 1_022)}\"");

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly MessageBroker _broker;
    private readonly PushLoop _loop;
    private readonly TopicKey _topic;
    private readonly SubscriptionKey _subscription;

    private PushedTopic(MessageBroker broker, PushLoop loop, TopicKey topic, SubscriptionKey subscription) =>
        (_broker, _loop, _topic, _subscription) = (broker, loop, topic, subscription);

    public static async Task<PushedTopic> OpenAsync(string folder, string url, bool isSigned)
    {
        var broker = MessageBroker.Open(new PosixDisk(folder), new BrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance, Fail);
        TopicKey topic = Must.Topic("pushed");
        Must.Succeed(await broker.Topics.PutAsync(topic, new TopicDefinition { Partitions = 1 }, default, CancellationToken.None));
        var subscription = new SubscriptionKey(topic, SubscriptionName.TryParse("s", out SubscriptionName name) ? name : default);
        var definition = new SubscriptionDefinition { Target = new SubscriptionTarget.OfEndpoint(url), Confirmed = true, Raw = !isSigned };
        Must.Succeed(await broker.Subscriptions.PutAsync(subscription, definition, default, CancellationToken.None));
        var loop = new PushLoop(broker, new PushOptions { AllowPrivateNetworks = true }, null, TimeProvider.System, NullLogger.Instance, Fail);
        return new PushedTopic(broker, loop, topic, subscription);
    }

    /// <summary>So many wait.</summary>
    public async Task PrepareAsync(int count)
    {
        Must.Succeed(await _broker.Subscriptions.PauseAsync(_subscription, isPaused: true, CancellationToken.None));
        for (int left = count; left > 0; left -= BrokerLimits.CallEntriesMax)
        {
            var records = new OutgoingRecord[Math.Min(left, BrokerLimits.CallEntriesMax)];
            Array.Fill(records, new OutgoingRecord { Value = Body });
            Must.Succeed(await _broker.Topics.PublishAsync(_topic, records, null, CancellationToken.None));
        }
    }

    /// <summary>All that wait are delivered.</summary>
    public async Task PushAsync(int count)
    {
        Must.Succeed(await _broker.Subscriptions.PauseAsync(_subscription, isPaused: false, CancellationToken.None));
        while (Must.Succeed(await _broker.Deliveries.ReportAsync(_subscription, CancellationToken.None)).Waiting > 0) await Task.Delay(Look, TimeProvider.System, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private static void Fail(Exception fault) => Environment.FailFast("The broker failed.", fault);
}

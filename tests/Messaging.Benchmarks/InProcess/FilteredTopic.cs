using System.Text;
using Messaging.Broker;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>A broker of its own, with default options, over a folder: a topic with so many subscriptions, each with a queue of its own and a filter that wants another kind of records. Nobody receives.</summary>
internal sealed class FilteredTopic : IAsyncDisposable
{
    private const int Creators = 64;
    private const string Attribute = "kind";

    private static readonly TopicKey Topic = Must.Topic("filtered");

    private readonly MessageBroker _broker;
    private readonly int _kinds;
    private readonly byte[] _body;
    private int _created;

    private FilteredTopic(MessageBroker broker, int kinds, int bytes) => (_broker, _kinds, _body) = (broker, kinds, new byte[bytes]);

    public static async Task<FilteredTopic> OpenAsync(string folder, int subscriptions, int bytes)
    {
        var broker = MessageBroker.Open(
            new PosixDisk(folder), new BrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance, fault => Environment.FailFast("The engine failed.", fault));
        Must.Succeed(await broker.Topics.PutAsync(Topic, new TopicDefinition { RetentionSeconds = null }, default, CancellationToken.None));
        var topic = new FilteredTopic(broker, subscriptions, bytes);
        await Task.WhenAll(Enumerable.Range(0, Creators).Select(_ => Task.Run(topic.CreateAsync)));
        return topic;
    }

    /// <summary>One record of 1 KiB, which one subscription wants.</summary>
    public async ValueTask PublishAsync(int caller)
    {
        var record = new OutgoingRecord { Value = _body, Headers = [new RecordHeader(Attribute, Encoding.ASCII.GetBytes(KindOf(Random.Shared.Next(_kinds))))] };
        Must.Succeed(await _broker.Topics.PublishAsync(Topic, new[] { record }, null, CancellationToken.None).ConfigureAwait(false));
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private static string KindOf(int number) => $"kind-{number}";

    private async Task CreateAsync()
    {
        while (Interlocked.Increment(ref _created) is var number && number <= _kinds)
        {
            string kind = KindOf(number - 1);
            QueueKey queue = Must.Key(kind);
            Must.Succeed(await _broker.Queues.PutAsync(queue, new QueueDefinition(), CancellationToken.None));
            _ = SubscriptionName.TryParse(kind, out SubscriptionName name);
            var definition = new SubscriptionDefinition
            {
                Target = new SubscriptionTarget.OfQueue(queue.Name),
                Filter = new SubscriptionFilter(FilterScope.Attributes, $$"""{"{{Attribute}}":["{{kind}}"]}"""),
            };
            Must.Succeed(await _broker.Subscriptions.PutAsync(new SubscriptionKey(Topic, name), definition, default, CancellationToken.None));
        }
    }
}

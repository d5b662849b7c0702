using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Queues;

/// <summary>Beats of retention that meet with deletions: one beat is many commands, and between two of them everything may go.</summary>
public sealed class RetentionBeatTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_beat_ends_where_the_last_queue_is_deleted_meanwhile()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        QueueKey[] queues = [await harness.Create("a", new QueueDefinition { RetentionSeconds = 60 }), await harness.Create("b", new QueueDefinition { RetentionSeconds = 60 })];
        foreach (QueueKey queue in queues) await harness.Send(queue, "old");

        await MeetAsync(harness, queues, queue => harness.Broker.Queues.DeleteAsync(queue, default, default).AsTask(), () => harness.Broker.QueueDirectory.Count == 0);
    }

    [Fact]
    public async Task A_beat_ends_where_the_last_topic_is_deleted_meanwhile()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = TopicLimits.TrimmedPartitionsPerStepMax + 1, RetentionSeconds = 60 });
        await harness.Publish(topic, [.. Enumerable.Range(0, TopicLimits.TrimmedPartitionsPerStepMax + 1).Select(partition => TopicCalls.Record("old", partition: partition))]);

        await MeetAsync(harness, [topic], key => harness.Broker.Topics.DeleteAsync(key, default, default).AsTask(), () => harness.Broker.TopicHost.Topics.PartitionCount == 0);
    }

    // Time passes, and in the middle of the sync of the heartbeat's first command everything is deleted behind it: on the journal's own thread, so that nobody has to be waited for. A beat that does not
    // survive that ends the broker.
    private static async Task MeetAsync<T>(BrokerHarness harness, T[] keys, Func<T, Task> delete, Func<bool> isGone)
    {
        var met = new TaskCompletionSource<(Task Deleted, bool WasGone)>(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Disk.Observe((call, name) =>
        {
            if (met.Task.IsCompleted || call != SimCall.DataSync || !name.EndsWith(".jnl", StringComparison.Ordinal)) return;
            var deleted = Task.WhenAll(keys.Select(delete));
            met.TrySetResult((deleted, isGone()));
        });
        harness.Advance(61);

        (Task all, bool wasGone) = await met.Task.WaitAsync(Patience, TimeProvider.System);
        await all.WaitAsync(Patience, TimeProvider.System);
        Assert.True(wasGone);
    }
}

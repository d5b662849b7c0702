using System.Text;
using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Subscriptions;

/// <summary>Who gets what is published, while subscriptions come, change and go.</summary>
public sealed class FanOutTableTests
{
    private static readonly SubscriptionDefinition Plain = SubscriptionCalls.To("q");

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 10));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_latest_table_has_those_that_receive_whatever_came_changed_and_went(int seed)
    {
        var random = new Random(seed);
        var topic = new TopicSubscriptions(TopicCalls.Topic("t"));
        var there = new List<LiveSubscription>();
        for (int turn = 1; turn <= 500; turn++)
        {
            Change(random, topic, there, turn);
            foreach (string kind in (string[])["a", "b", "c"])
            {
                IEnumerable<LiveSubscription> expected = there.Where(subscription => subscription.IsReceiving && (subscription.Policy is null || KindOf(subscription) == kind));
                Assert.Equal(expected.Select(subscription => subscription.Number).Order(), Collect(topic.Table, kind).Order());
            }

            Assert.Equal(there.Count, topic.Count);
            Assert.Equal(there.Any(subscription => subscription.IsReceiving), !topic.Table.IsEmpty);
            Assert.Equal(there.Any(subscription => subscription.IsReceiving && subscription.Policy is not null), topic.Table.HasFilters);
        }
    }

    [Fact]
    public void An_earlier_table_without_filters_still_has_those_that_it_had()
    {
        var topic = new TopicSubscriptions(TopicCalls.Topic("t"));
        LiveSubscription[] all = [.. Enumerable.Range(1, 5).Select(number => Make(number, Plain))];
        foreach (LiveSubscription subscription in all[..4]) topic.Added(subscription);
        FanOutTable before = topic.Table;
        all[1].Deleted = true;
        topic.Removed(all[1]);
        topic.Changed(all[2]);
        topic.Added(all[4]);

        Assert.Equal([1, 2, 3, 4], Collect(before, "a").Order());
        Assert.Equal([1, 3, 4, 5], Collect(topic.Table, "a").Order());
    }

    [Fact]
    public void A_change_that_leaves_a_subscription_its_place_costs_the_same_however_many_there_are()
    {
        var topic = new TopicSubscriptions(TopicCalls.Topic("t"));
        LiveSubscription[] all = [.. Enumerable.Range(1, 10_000).Select(number => Make(number, Plain))];
        foreach (LiveSubscription subscription in all) topic.Added(subscription);
        FanOutTable before = topic.Table;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        topic.Changed(all[5_000]);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 4_096);
        // Who has asked the earlier one asks again: the subscription may have another target.
        Assert.NotSame(before, topic.Table);
    }

    private static void Change(Random random, TopicSubscriptions topic, List<LiveSubscription> there, int number)
    {
        if (there.Count == 0 || random.Next(3) == 0)
        {
            LiveSubscription subscription = Make(number, Definition(random));
            subscription.Paused = random.Next(4) == 0;
            there.Add(subscription);
            topic.Added(subscription);
            return;
        }

        LiveSubscription changed = there[random.Next(there.Count)];
        switch (random.Next(4))
        {
            case 0:
                changed.Deleted = true;
                there.Remove(changed);
                topic.Removed(changed);
                return;
            case 1:
                changed.Paused = !changed.Paused;
                break;
            default:
                changed.Definition = Definition(random);
                break;
        }

        topic.Changed(changed);
    }

    private static SubscriptionDefinition Definition(Random random) => random.Next(4) switch
    {
        0 => Plain,
        1 => Plain with { Raw = true },
        2 => Plain with { Filter = new SubscriptionFilter(FilterScope.Attributes, $$"""{"kind":["{{"abc"[random.Next(3)]}}"]}""") },
        _ => Plain with { Filter = new SubscriptionFilter(FilterScope.Body, $$"""{"kind":["{{"abc"[random.Next(3)]}}"]}""") },
    };

    private static string KindOf(LiveSubscription subscription) => Encoding.UTF8.GetString(subscription.Policy!.Anchor!.Values[0].Span);

    private static LiveSubscription Make(int number, SubscriptionDefinition definition) => new(SubscriptionCalls.Subscription($"s{number}"), number) { Definition = definition };

    private static IEnumerable<long> Collect(FanOutTable table, string kind)
    {
        OutgoingRecord record = TopicCalls.Record($$"""{"kind":"{{kind}}"}""") with { Headers = [new RecordHeader("kind", TopicCalls.Bytes(kind))] };
        byte[] body = new byte[TopicRecordEncoder.Measure(record)];
        var matches = new HashSet<LiveSubscription>();
        table.Collect(body.AsSpan(0, TopicRecordEncoder.Write(body, record)), matches);
        return matches.Select(subscription => subscription.Number);
    }
}

using Messaging.Broker.Catalog;
using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Topics;

namespace Messaging.Broker.Tests.Subscriptions;

public sealed class SubscriptionRulesTests
{
    [Fact]
    public async Task What_breaks_a_rule_names_its_field()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        await harness.CreateTopic();
        await harness.CreateTopic("other");
        await harness.Create("q");
        await harness.Create("free");
        await harness.Create("fifo", new QueueDefinition { Type = QueueType.Fifo });
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        SubscriptionDefinition free = SubscriptionCalls.To("free");
        (SubscriptionDefinition Definition, ErrorCode Code, string Field)[] cases =
        [
            (new(), ErrorCode.InvalidValue, "target"),
            (SubscriptionCalls.To("none"), ErrorCode.QueueNotFound, "target.queue"),
            (SubscriptionCalls.To("fifo"), ErrorCode.InvalidValue, "target.queue"),
            (SubscriptionCalls.To("q"), ErrorCode.TargetInUse, "target"),
            (free with { DeadLetter = BrokerHarness.Key("none").Name }, ErrorCode.QueueNotFound, "deadLetter.queue"),
            (free with { DeadLetter = BrokerHarness.Key("fifo").Name }, ErrorCode.InvalidValue, "deadLetter.queue"),
            (free with { DeadLetter = default(QueueName) }, ErrorCode.InvalidValue, "deadLetter.queue"),
            (free with { Filter = new SubscriptionFilter((FilterScope)2, "{}") }, ErrorCode.InvalidValue, "filter.scope"),
            (free with { Filter = new SubscriptionFilter(FilterScope.Body, "[]") }, ErrorCode.InvalidValue, "filter.policy"),
            (free with { StartAt = new SubscriptionStart((SubscriptionStartKind)3, 0) }, ErrorCode.InvalidValue, "startAt"),
            (free with { StartAt = SubscriptionStart.At(-1) }, ErrorCode.InvalidValue, "startAt"),
            (free with { StartAt = SubscriptionStart.At(MessageLimits.TimestampMsMax + 1) }, ErrorCode.InvalidValue, "startAt"),
            (free with { Tags = Enumerable.Range(0, 51).ToDictionary(i => $"{i}", _ => "") }, ErrorCode.InvalidValue, "tags"),
            (free with { Annotations = new Dictionary<string, string> { [""] = "" } }, ErrorCode.InvalidValue, "annotations"),
        ];
        foreach ((SubscriptionDefinition definition, ErrorCode code, string field) in cases)
        {
            Assert.Equal((code, field), await harness.SubscribeError("new", definition));
        }

        Assert.Equal((ErrorCode.TopicNotFound, null), await harness.SubscribeError("new", free, "none"));
        Assert.Equal((ErrorCode.Immutable, "startAt"), await harness.SubscribeError("s", SubscriptionCalls.To("q") with { StartAt = SubscriptionStart.Earliest }));
        Assert.Equal(["s"], await harness.ListSubscriptions());
        // Of another topic the queue may be the target too.
        await harness.Subscribe("s", SubscriptionCalls.To("q"), "other");
    }

    [Theory]
    [InlineData(" { \"a\" : [ { \"prefix\" : \"ü\" } ] } ", true)]
    [InlineData("", false)]
    [InlineData("null", false)]
    [InlineData("\"{}\"", false)]
    [InlineData("{\"a\":}", false)]
    [InlineData("{} {}", false)]
    public void A_policy_is_one_JSON_object(string policy, bool isLegal) =>
        Assert.Equal(isLegal ? null : "filter.policy", new SubscriptionFilter(FilterScope.Attributes, policy).Validate()?.Field);

    [Fact]
    public void A_policy_is_bounded_in_bytes()
    {
        Assert.Null(Check(Sized(FilterLimits.Native.BytesMax, 'v')));
        Assert.NotNull(Check(Sized(FilterLimits.Native.BytesMax + 1, 'v')));
        Assert.NotNull(Check(Sized((FilterLimits.Native.BytesMax / 3) + 10, '€')));

        static BrokerError? Check(string policy) => new SubscriptionFilter(FilterScope.Attributes, policy).Validate();

        static string Sized(int characters, char filler) => $$"""{"a":["{{new string(filler, characters - 10)}}"]}""";
    }

    [Fact]
    public void A_topic_is_full_with_its_limit_and_the_server_with_its_own()
    {
        var directory = new SubscriptionDirectory();
        Assert.Null(TargetRules.CheckRoom(directory, null, SubscriptionLimits.SubscriptionsPerTopicMax - 1));
        Assert.Equal(ErrorCode.TooManySubscriptions, TargetRules.CheckRoom(directory, null, SubscriptionLimits.SubscriptionsPerTopicMax)?.Code);
        Assert.True(TopicName.TryParse("t", out TopicName topic));
        SubscriptionKey key = SubscriptionCalls.Subscription("s");
        for (int i = 0; i < 5; i++)
        {
            Assert.True(SubscriptionName.TryParse($"s{i}", out SubscriptionName name));
            directory.Add(new LiveSubscription(key with { Name = name }, i + 1) { Definition = SubscriptionCalls.To($"q{i}") });
        }

        Assert.Null(TargetRules.CheckRoom(directory, directory.Of(key.Topic), SubscriptionLimits.SubscriptionsPerTopicMax - 6));
        Assert.NotNull(TargetRules.CheckRoom(directory, directory.Of(key.Topic), SubscriptionLimits.SubscriptionsPerTopicMax - 5));
    }
}

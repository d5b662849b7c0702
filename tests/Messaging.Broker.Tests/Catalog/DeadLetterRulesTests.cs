using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Catalog;

public sealed class DeadLetterRulesTests
{
    private readonly Dictionary<QueueKey, QueueDefinition> _definitions = [];

    [Fact]
    public void A_dead_letter_queue_is_there_of_the_same_type_and_another_one()
    {
        Add("d");
        Add("f", type: QueueType.Fifo);
        Assert.Null(Check("q", To("d")));
        Assert.Null(Check("q", new QueueDefinition()));
        Assert.Null(Check("q.fifo", To("f") with { Type = QueueType.Fifo }));
        Refused("There is no queue \"x\"", Check("q", To("x")));
        Refused("the other one", Check("q", To("f")));
        Refused("the other one", Check("q.fifo", To("d") with { Type = QueueType.Fifo }));
        Refused("its own", Check("q", To("q")));
    }

    [Fact]
    public void A_queue_of_another_namespace_is_none()
    {
        _definitions.Add(BrokerHarness.Key("d", "blue"), new QueueDefinition());
        Refused("There is no queue", Check("q", To("d")));
    }

    [Fact]
    public void Dead_letters_never_go_in_a_circle()
    {
        Add("a", to: "b");
        Add("b", to: "c");
        Add("c");
        Assert.Null(Check("x", To("a")));
        Refused("circle", Check("c", To("a")));
        Refused("circle", Check("b", To("a")));
        Refused("circle", Check("c", To("b")));
    }

    [Fact]
    public void A_queue_may_go_on_to_name_one_that_has_gone_or_was_made_anew_of_the_other_type()
    {
        Add("q", to: "d");
        Assert.Null(Check("q", To("d") with { LeaseSeconds = 7 }));
        Refused("There is no queue", Check("q", new QueueDefinition { DeadLetter = To("d").DeadLetter! with { MaxReceives = 2 } }));
        Refused("There is no queue", Check("other", To("d")));
        Add("d", type: QueueType.Fifo);
        Assert.Null(Check("q", To("d")));
        Refused("the other one", Check("other", To("d")));
    }

    [Fact]
    public void Who_names_a_queue_that_has_gone_closes_no_circle_when_it_is_made_anew()
    {
        Add("a", to: "b");
        Add("b", to: "gone");
        Refused("circle", Check("gone", To("a")));
        Assert.Null(Check("c", To("a")));
    }

    [Fact]
    public void A_chain_has_a_bound()
    {
        int links = QueueLimits.DeadLetterChainMax;
        Add("0");
        for (int i = 1; i <= links; i++) Add($"{i}", to: $"{i - 1}");
        Assert.Null(Check("x", To($"{links - 1}")));
        Refused("at most", Check("x", To($"{links}")));
    }

    [Fact]
    public void A_queue_in_use_names_some_of_its_sources()
    {
        QueueKey key = BrokerHarness.Key("d");
        Assert.Null(DeadLetterRules.CheckUnused(key, []));
        BrokerError refused = DeadLetterRules.CheckUnused(key, [.. Enumerable.Range(0, 5).Select(i => BrokerHarness.Key($"s{i}"))])!;
        Assert.Equal(ErrorCode.QueueInUse, refused.Code);
        Assert.Contains("\"s0\", \"s1\", \"s2\" and 2 more", refused.Detail, StringComparison.Ordinal);
    }

    private static QueueDefinition To(string queue) => new() { DeadLetter = new DeadLetterDefinition { Queue = BrokerHarness.Key(queue).Name, MaxReceives = 1 } };

    private static void Refused(string because, BrokerError? refusal)
    {
        Assert.Equal((ErrorCode.DeadLetterInvalid, "deadLetter.queue"), (refusal!.Code, refusal.Field));
        Assert.Contains(because, refusal.Detail, StringComparison.Ordinal);
    }

    private void Add(string name, string? to = null, QueueType type = QueueType.Standard) =>
        _definitions.Add(BrokerHarness.Key(name), (to is null ? new QueueDefinition() : To(to)) with { Type = type });

    private BrokerError? Check(string name, QueueDefinition definition) =>
        DeadLetterRules.Check(BrokerHarness.Key(name), definition, _definitions.GetValueOrDefault(BrokerHarness.Key(name)), _definitions.GetValueOrDefault);
}

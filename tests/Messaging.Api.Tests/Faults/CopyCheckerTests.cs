using System.Text;
using Messaging.TestKit.Histories;

namespace Messaging.Api.Tests.Faults;

/// <summary>The checker of copies finds each promise of fan-out that is broken.</summary>
public sealed class CopyCheckerTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ClientHistory _received = new();
    private readonly TopicHistory _published = new();
    private readonly List<SeenRecord> _stored = [];

    [Fact]
    public void Every_record_once_in_the_queue_is_whole()
    {
        Publish("plain-0");
        Publish("counted-0");
        Receive("plain-0", "id-0");
        Receive("counted-0", "id-1");

        Assert.Empty(Check(null));
    }

    [Fact]
    public void A_record_that_never_came_is_found()
    {
        Publish("plain-0");

        Assert.Contains("plain-0 is in the topic and never came to the queue.", Assert.Single(Check(null)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_came_as_two_messages_is_found()
    {
        Publish("plain-0");
        Receive("plain-0", "id-0");
        Receive("plain-0", "id-1");

        Assert.NotEmpty(Check(null));
    }

    [Fact]
    public void A_record_that_is_nowhere_in_the_topic_is_found()
    {
        Receive("plain-0", "id-0");

        Assert.NotEmpty(Check(null));
    }

    [Fact]
    public void A_record_that_the_filter_does_not_want_is_found()
    {
        Publish("plain-0");
        Receive("plain-0", "id-0");

        Assert.NotEmpty(Check("counted"));
        Assert.Empty(Check("plain"));
    }

    [Fact]
    public void A_message_that_comes_after_its_acknowledgement_is_found()
    {
        Publish("plain-0");
        Receive("plain-0", "id-0");
        Deliver("plain-0", "id-0", receiveCount: 2);

        Assert.NotEmpty(Check(null));
    }

    [Fact]
    public void What_is_of_a_transaction_may_be_there_or_not()
    {
        Publish("transacting-0", new ProducerName(1, 0));

        Assert.Empty(Check(null));
    }

    private static byte[] Body(string key) => Encoding.ASCII.GetBytes(key + "|");

    private static CallTime At(int second) => new(Start.AddSeconds(second), Start.AddSeconds(second));

    private void Publish(string key, ProducerName? transaction = null)
    {
        _published.Add([new PublishEvent(At(0), Outcome.Succeeded, key, Body(key), null, 0, 0, _stored.Count, transaction, null)]);
        _stored.Add(new SeenRecord(_stored.Count, Body(key)));
    }

    private void Receive(string key, string id)
    {
        Deliver(key, id, receiveCount: 1);
        _received.Add([new SettleEvent(At(2), Outcome.Succeeded, SettleKind.Acknowledge, id, 1, 0, null)]);
    }

    private void Deliver(string key, string id, int receiveCount) =>
        _received.Add(new ReceiveEvent(At(receiveCount), Outcome.Succeeded, 1, [new Delivery(id, Body(key), receiveCount, Start.AddSeconds(receiveCount + 1), $"receipt-{id}")]));

    private IReadOnlyList<string> Check(string? kind) => CopyChecker.Check(_received, _published, [new PartitionContent(_stored, _stored, _stored.Count, _stored.Count)], kind);
}

using Messaging.TestKit.Histories;

namespace Messaging.Api.Tests.Faults;

/// <summary>The checker catches each broken promise: a good history, spoilt in one place.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ClientHistory _history = new();
    private int _seconds;

    [Fact]
    public void A_good_history_is_good()
    {
        Send("a");
        Send("b", Outcome.Unknown, delaySeconds: 2);
        Receive(10, ("a", 1));
        Settle(SettleKind.Release, "a", 1);
        Receive(10, ("a", 2), ("b", 1));
        Settle(SettleKind.Acknowledge, "a", 2);
        Settle(SettleKind.Acknowledge, "b", 1, Outcome.Unknown);

        Assert.Empty(HistoryChecker.Check(_history));
    }

    [Fact]
    public void Calls_without_an_answer_may_have_happened_or_not()
    {
        Send("a");
        Send("never", Outcome.Unknown);
        Receive(0);
        Lost();
        Receive(10, ("a", 2));
        Settle(SettleKind.Release, "a", 2, Outcome.Unknown);
        Receive(10, ("a", 3));
        Settle(SettleKind.Acknowledge, "a", 3, Outcome.Unknown);
        Settle(SettleKind.Acknowledge, "a", 3, Outcome.Refused, refusal: "messageGone");

        Assert.Empty(HistoryChecker.Check(_history));
    }

    [Fact]
    public void A_lost_message_is_caught()
    {
        Send("a");
        Broken("is lost: its send had succeeded");
    }

    [Fact]
    public void A_message_that_vanished_after_its_delivery_is_caught()
    {
        Send("a", Outcome.Unknown);
        Receive(1, ("a", 1));
        Broken("is lost: it had been received");
    }

    [Fact]
    public void A_message_out_of_nowhere_is_caught()
    {
        Receive(1, ("a", 1));
        Settle(SettleKind.Acknowledge, "a", 1);
        Broken("which nobody sent");
    }

    [Fact]
    public void A_refused_message_that_appears_is_caught()
    {
        Send("a", Outcome.Refused);
        Receive(1, ("a", 1));
        Settle(SettleKind.Acknowledge, "a", 1);
        Broken("although its send was refused");
    }

    [Fact]
    public void Other_bytes_are_caught()
    {
        Send("a");
        Receive(1, ("a", 1), change: delivery => delivery with { Body = [.. delivery.Body[..^1], 0] });
        Settle(SettleKind.Acknowledge, "a", 1);
        Broken("other bytes");
    }

    [Fact]
    public void A_message_that_is_there_twice_is_caught()
    {
        Send("a", Outcome.Unknown);
        Receive(1, ("a", 1));
        Receive(1, ("a", 1), change: delivery => delivery with { Id = "other" });
        Settle(SettleKind.Acknowledge, "a", 1);
        Settle(SettleKind.Acknowledge, "other", 1);
        Broken("sent once and is there as");
    }

    [Fact]
    public void An_id_that_changed_is_caught()
    {
        Send("a");
        Receive(1, ("a", 1), change: delivery => delivery with { Id = "other" });
        Settle(SettleKind.Acknowledge, "other", 1);
        Broken("delivered as other");
    }

    [Fact]
    public void An_early_delivery_is_caught()
    {
        Send("a", delaySeconds: 10);
        Receive(1, ("a", 1));
        Settle(SettleKind.Acknowledge, "a", 1);
        Broken("before its delay");
    }

    [Fact]
    public void A_delivery_after_an_acknowledgement_is_caught()
    {
        Send("a");
        Receive(0, ("a", 1));
        Settle(SettleKind.Acknowledge, "a", 1);
        Receive(1, ("a", 2));
        Broken("delivered again although its acknowledgement had succeeded");
    }

    [Fact]
    public void A_delivery_within_a_lease_is_caught()
    {
        Send("a");
        Receive(60, ("a", 1));
        Receive(60, ("a", 2));
        Settle(SettleKind.Acknowledge, "a", 2);
        Broken("before its lease 1 ended");
    }

    [Fact]
    public void A_delivery_within_an_extended_lease_or_a_release_s_delay_is_caught()
    {
        Send("a");
        Receive(0, ("a", 1));
        Settle(SettleKind.Extend, "a", 1, seconds: 60);
        Receive(60, ("a", 2));
        Settle(SettleKind.Release, "a", 2, seconds: 60);
        Receive(1, ("a", 3));
        Settle(SettleKind.Acknowledge, "a", 3);
        Broken("before its lease 1 ended", "before its lease 2 ended");
    }

    [Fact]
    public void A_short_lease_is_caught()
    {
        Send("a");
        Receive(60, ("a", 1), change: delivery => delivery with { LeasedUntil = delivery.LeasedUntil.AddSeconds(-5) });
        Settle(SettleKind.Acknowledge, "a", 1);
        Broken("leased for less than");
    }

    [Theory]
    [InlineData(1, "twice with the receive count 1")]
    [InlineData(3, "went from 1 to 3")]
    public void A_wrong_receive_count_is_caught(int count, string words)
    {
        Send("a");
        Receive(0, ("a", 1));
        Receive(1, ("a", count));
        Settle(SettleKind.Acknowledge, "a", count);
        Broken(words);
    }

    [Fact]
    public void A_receive_count_that_outruns_the_receives_without_an_answer_is_caught()
    {
        Send("a");
        Receive(0, ("a", 1));
        Lost();
        Receive(1, ("a", 4));
        Settle(SettleKind.Acknowledge, "a", 4);
        Broken("went from 1 to 4, with 1 receives in between");
    }

    [Theory]
    [InlineData("messageGone")]
    [InlineData("receiptStale")]
    [InlineData("notLeased")]
    [InlineData("receiptInvalid")]
    public void A_refusal_without_a_reason_is_caught(string refusal)
    {
        Send("a");
        Receive(60, ("a", 1));
        Settle(SettleKind.Acknowledge, "a", 1, Outcome.Refused, refusal: refusal);
        Settle(SettleKind.Acknowledge, "a", 1);
        // Gone is what it is after the acknowledgement that followed; before, it was not.
        Broken("without a reason: " + refusal);
    }

    [Fact]
    public void Half_a_call_is_caught()
    {
        SendTogether(Outcome.Unknown, "a", "b");
        Receive(1, ("b", 1));
        Settle(SettleKind.Acknowledge, "b", 1);
        Broken("Half a call: of 2");
    }

    private void Broken(params string[] words)
    {
        IReadOnlyList<string> broken = HistoryChecker.Check(_history);
        Assert.All(words, word => Assert.Contains(broken, text => text.Contains(word, StringComparison.Ordinal)));
    }

    private void Send(string key, Outcome outcome = Outcome.Succeeded, int delaySeconds = 0) =>
        _history.Add([new SendEvent(_history.NextCall(), Next(), outcome, key, Body(key), delaySeconds, outcome == Outcome.Succeeded ? "id-" + key : null)]);

    private void SendTogether(Outcome outcome, params string[] keys)
    {
        (long call, CallTime time) = (_history.NextCall(), Next());
        _history.Add(keys.Select(key => new SendEvent(call, time, outcome, key, Body(key), 0, null)));
    }

    private void Receive(int leaseSeconds, params (string Key, int Count)[] deliveries) => Receive(leaseSeconds, deliveries, delivery => delivery);

    private void Receive(int leaseSeconds, (string Key, int Count) delivery, Func<Delivery, Delivery> change) => Receive(leaseSeconds, [delivery], change);

    private void Receive(int leaseSeconds, (string Key, int Count)[] deliveries, Func<Delivery, Delivery> change)
    {
        CallTime time = Next();
        _history.Add(new ReceiveEvent(time, Outcome.Succeeded, leaseSeconds, [.. deliveries.Select(delivery =>
            change(new Delivery("id-" + delivery.Key, Body(delivery.Key), delivery.Count, time.Ended.AddSeconds(leaseSeconds), "")))]));
    }

    private void Lost() => _history.Add(new ReceiveEvent(Next(), Outcome.Unknown, 0, []));

    private void Settle(SettleKind kind, string key, int count, Outcome outcome = Outcome.Succeeded, int seconds = 0, string? refusal = null) =>
        _history.Add([new SettleEvent(Next(), outcome, kind, key == "other" ? key : "id-" + key, count, seconds, refusal)]);

    // Each call takes one second, and the next begins three later.
    private CallTime Next() => new(Start.AddSeconds(_seconds += 4), Start.AddSeconds(_seconds + 1));

    private static byte[] Body(string key) => MessageBodies.MakeText(key, 10, new Random(key[0]));
}

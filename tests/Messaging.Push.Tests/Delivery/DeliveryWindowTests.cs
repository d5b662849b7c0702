using Messaging.Broker.Deliveries;
using Messaging.Broker.Messages;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Push.Delivery;

namespace Messaging.Push.Tests.Delivery;

public sealed class DeliveryWindowTests
{
    private static readonly DeliveryTerms Terms = new(new SubscriptionTarget.OfEndpoint("http://e"), null, IsRaw: true, RetrySchedule.Managed, null, "");

    private readonly DeliveryWindow _window = new();

    [Fact]
    public void It_doubles_with_every_round_that_arrives_and_halves_with_a_failure()
    {
        Assert.Equal(1, _window.Room());
        Round(1);
        Assert.Equal(2, _window.Room());
        Round(2);
        Assert.Equal(4, _window.Room());

        Assert.Equal(4, Lease(4).Workers);
        for (int i = 0; i < 4; i++) End(DeliveryVerdict.TryAgain);

        Assert.Equal(1, _window.Room());
    }

    [Fact]
    public void What_arrives_during_a_lease_is_leased_ahead_of_the_next_one_and_no_more_than_the_bound()
    {
        Grow();
        Lease(PushLimits.WindowMax);
        _window.BeginLease();
        for (int i = 0; i < 40; i++) End(DeliveryVerdict.Delivered);
        _window.EndLease(Terms, Messages(40));

        // 64 under way, and four times the 40 that arrived.
        Assert.Equal(160, _window.Room());
        _window.BeginLease();
        for (int i = 0; i < 64; i++) End(DeliveryVerdict.Delivered);
        _window.EndLease(Terms, Messages(160));
        Assert.InRange(_window.Room(), 1, PushLimits.AheadMax);
    }

    [Fact]
    public void A_failure_leases_nothing_ahead()
    {
        Grow();
        Lease(PushLimits.WindowMax);
        _window.BeginLease();
        for (int i = 0; i < 40; i++) End(DeliveryVerdict.Delivered);
        _window.EndLease(Terms, Messages(40));

        End(DeliveryVerdict.TryAgain);

        Assert.Equal(0, _window.Room());
        Assert.False(_window.IsProven);
    }

    [Fact]
    public void Who_found_no_room_is_told_once_when_half_of_it_is_free()
    {
        Grow();
        Lease(PushLimits.WindowMax);
        Assert.Equal(0, _window.Room());

        int told = 0;
        for (int i = 1; i <= PushLimits.WindowMax; i++)
        {
            if (!End(DeliveryVerdict.Delivered).IsRoom) continue;
            told++;
            Assert.Equal(PushLimits.WindowMax / 2, i);
        }

        Assert.Equal(1, told);
    }

    [Fact]
    public void A_worker_that_is_one_too_many_ends_and_another_one_is_started_when_it_may_be()
    {
        Grow();
        Assert.Equal(PushLimits.WindowMax, Lease(PushLimits.WindowMax).Workers);
        _window.EndLease(Terms, Messages(8));
        for (int i = 0; i < 6; i++) End(DeliveryVerdict.TryAgain);
        // 64 workers run and one may.
        for (int i = 0; i < PushLimits.WindowMax - 1; i++) Assert.False(_window.TryNext(out _));
        Assert.True(_window.TryNext(out _));

        Assert.True(End(DeliveryVerdict.Delivered).Another);
    }

    [Fact]
    public void Nothing_begins_in_one_that_is_closed_and_what_has_not_is_told()
    {
        _window.EndLease(Terms, Messages(3));
        Assert.True(_window.TryNext(out _));

        _window.Close();

        Assert.False(_window.TryNext(out _));
        Assert.Equal(2, _window.Rest().Count);
    }

    [Fact]
    public void So_many_bytes_are_leased_and_no_more()
    {
        Grow();
        _window.BeginLease();
        _window.EndLease(Terms, [Message(PushLimits.LeasedBytesPerSubscriptionMax)]);

        Assert.Equal(0, _window.Room());
    }

    private void Grow()
    {
        while (_window.Room() < PushLimits.WindowMax) Round(_window.Room());
    }

    private void Round(int count)
    {
        Lease(count);
        for (int i = 0; i < count; i++) End(DeliveryVerdict.Delivered);
        for (int i = 0; i < count; i++) _window.TryNext(out _);
        // What arrived before this is none that arrived meanwhile.
        _window.BeginLease();
        _window.EndLease(Terms, []);
    }

    private (int Workers, int Begun) Lease(int count)
    {
        _window.BeginLease();
        int workers = _window.EndLease(Terms, Messages(count));
        int begun = 0;
        while (begun < count && _window.TryNext(out _)) begun++;
        return (workers, begun);
    }

    private (bool Another, bool IsRoom) End(DeliveryVerdict verdict)
    {
        bool another = _window.End(Message(1), verdict, out bool isRoom);
        return (another, isRoom);
    }

    private static PushMessage[] Messages(int count) => [.. Enumerable.Range(0, count).Select(static _ => Message(1))];

    private static PushMessage Message(int bytes) =>
        new(0, static () => null) { Id = default(MessageId), Attempt = 1, LeasedUntilMs = 0, Names = null!, Body = new byte[bytes] };
}

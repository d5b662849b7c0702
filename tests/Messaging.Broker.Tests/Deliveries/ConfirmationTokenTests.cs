using Messaging.Broker.Deliveries;
using Messaging.Broker.Messages;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Tests.Subscriptions;

namespace Messaging.Broker.Tests.Deliveries;

public sealed class ConfirmationTokenTests
{
    private const long Asked = 1_800_000_000_000;

    private static readonly SubscriptionTarget Endpoint = new SubscriptionTarget.OfEndpoint("https://example.com/a");

    [Fact]
    public void A_token_is_good_for_the_subscription_and_target_that_it_was_made_for()
    {
        using MessageKeys keys = Keys(1), others = Keys(2);
        foreach (SubscriptionTarget target in (SubscriptionTarget[])[Endpoint, new SubscriptionTarget.OfMail("a@example.com", IsJson: true), new SubscriptionTarget.OfMail("a@example.com", IsJson: false)])
        {
            LiveSubscription subscription = Make(7, target);
            string token = Token(keys, subscription, Asked);
            Assert.Equal(ConfirmationToken.Length, token.Length);
            Assert.True(ConfirmationToken.TryRead(token, out long number, out long askedMs, out UInt128 mac));
            Assert.Equal((7, Asked), (number, askedMs));
            Assert.True(IsGood(keys, subscription, askedMs, mac, Asked));
            Assert.True(ConfirmationToken.TryRead(token.ToUpperInvariant(), out _, out _, out UInt128 upper) && upper == mac);

            Assert.False(IsGood(others, subscription, askedMs, mac, Asked));
            Assert.False(IsGood(keys, Make(8, target), askedMs, mac, Asked));
            Assert.False(IsGood(keys, Make(7, new SubscriptionTarget.OfEndpoint("https://example.com/b")), askedMs, mac, Asked));
            Assert.False(IsGood(keys, Make(7, new SubscriptionTarget.OfMail("b@example.com", IsJson: true)), askedMs, mac, Asked));
        }
    }

    [Fact]
    public void A_token_of_one_form_of_mail_is_none_of_the_other()
    {
        using MessageKeys keys = Keys(1);
        string token = Token(keys, Make(7, new SubscriptionTarget.OfMail("a@example.com", IsJson: true)), Asked);
        Assert.True(ConfirmationToken.TryRead(token, out _, out long askedMs, out UInt128 mac));
        Assert.False(IsGood(keys, Make(7, new SubscriptionTarget.OfMail("a@example.com", IsJson: false)), askedMs, mac, Asked));
    }

    [Fact]
    public void A_token_has_its_time()
    {
        using MessageKeys keys = Keys(1);
        LiveSubscription subscription = Make(7, Endpoint);
        Assert.True(ConfirmationToken.TryRead(Token(keys, subscription, Asked), out _, out long askedMs, out UInt128 mac));
        long end = Asked + (DeliveryLimits.ConfirmationSecondsMax * 1_000L);
        Assert.True(IsGood(keys, subscription, askedMs, mac, end));
        Assert.False(IsGood(keys, subscription, askedMs, mac, end + 1));
        Assert.False(IsGood(keys, subscription, askedMs, mac, Asked - 1));
        Assert.False(IsGood(keys, subscription, askedMs + 1, mac, end));
    }

    [Fact]
    public void What_was_changed_is_no_token_or_proves_nothing()
    {
        using MessageKeys keys = Keys(1);
        LiveSubscription subscription = Make(7, Endpoint);
        string token = Token(keys, subscription, Asked);
        var random = new Random(1);
        for (int turn = 0; turn < 20_000; turn++)
        {
            char[] mutated = token.ToCharArray();
            for (int i = random.Next(3); i >= 0; i--) mutated[random.Next(mutated.Length)] = random.Next(4) == 0 ? (char)random.Next(0x300) : "0123456789abcdef"[random.Next(16)];
            string text = new string(mutated)[..(random.Next(4) == 0 ? random.Next(token.Length + 1) : token.Length)];
            if (text.Equals(token, StringComparison.OrdinalIgnoreCase) || !ConfirmationToken.TryRead(text, out long number, out long askedMs, out UInt128 mac)) continue;
            Assert.False(IsGood(keys, Make(number, Endpoint), askedMs, mac, Asked));
        }
    }

    private static LiveSubscription Make(long number, SubscriptionTarget target) =>
        new(SubscriptionCalls.Subscription("s"), number) { Definition = new SubscriptionDefinition { Target = target } };

    private static MessageKeys Keys(byte seed)
    {
        byte[] key = new byte[MessageKeys.KeyBytes];
        Array.Fill(key, seed);
        return new MessageKeys(key, key);
    }

    private static string Token(MessageKeys keys, LiveSubscription subscription, long askedMs) =>
        ConfirmationToken.Make(keys, subscription.Number, subscription.Definition.Target, askedMs);

    private static bool IsGood(MessageKeys keys, LiveSubscription subscription, long askedMs, UInt128 mac, long now) =>
        ConfirmationToken.IsGood(keys, subscription.Number, subscription.Definition.Target, askedMs, mac, now);
}

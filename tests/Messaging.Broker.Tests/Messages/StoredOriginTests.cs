using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Messages;

public sealed class StoredOriginTests
{
    [Theory]
    [InlineData(MoveReason.MaxReceives, null)]
    [InlineData(MoveReason.Rejected, null)]
    [InlineData(MoveReason.Rejected, "")]
    [InlineData(MoveReason.Rejected, "größe \n 😀")]
    public void An_origin_is_read_as_it_was_written(MoveReason reason, string? detail)
    {
        MessageOrigin origin = Sample(reason, detail);
        Assert.Equal(origin, StoredOrigin.Decode(StoredOrigin.Encode(origin)));
    }

    [Fact]
    public void A_field_of_a_later_version_is_passed_over()
    {
        MessageOrigin origin = Sample(MoveReason.Rejected, "x");
        Assert.Equal(origin, StoredOrigin.Decode([99, 3, 1, 2, 3, .. StoredOrigin.Encode(origin)]));
    }

    [Fact]
    public void What_is_not_whole_is_no_origin_and_never_throws()
    {
        byte[] whole = StoredOrigin.Encode(Sample(MoveReason.Rejected, "text"));
        var random = new Random(5);
        for (int length = 0; length < whole.Length; length++) _ = StoredOrigin.Decode(whole.AsSpan(0, length));
        Assert.Null(StoredOrigin.Decode(whole.AsSpan(0, whole.Length / 2)));
        for (int i = 0; i < 20_000; i++)
        {
            byte[] torn = (byte[])whole.Clone();
            for (int flips = random.Next(1, 6); flips > 0; flips--) torn[random.Next(torn.Length)] = (byte)random.Next(256);
            _ = StoredOrigin.Decode(torn);
        }
    }

    private static MessageOrigin Sample(MoveReason reason, string? detail)
    {
        Assert.True(MessageId.TryParse("00112233-4455-6677-8899-aabbccddeeff", out MessageId id));
        return new MessageOrigin(id, BrokerHarness.Key("orders/ä", "blue"), reason, detail, 1_000, 1_900_000_000_123);
    }
}

using System.Globalization;
using System.Text;
using Messaging.Broker.Topics.Compaction;

namespace Messaging.Broker.Tests.Topics.Compaction;

public sealed class LatestOffsetsTests
{
    [Fact]
    public void A_record_has_a_later_one_only_of_its_own_key()
    {
        var latest = new LatestOffsets(keysMax: 100);
        latest.Add("a"u8, 1);
        latest.Add("b"u8, 2);
        latest.Add("a"u8, 3);
        latest.Add(""u8, 4);

        Assert.True(latest.HasLater("a"u8, 1));
        Assert.False(latest.HasLater("a"u8, 3));
        Assert.False(latest.HasLater("b"u8, 2));
        Assert.False(latest.HasLater("c"u8, 0));
        Assert.True(latest.HasLater(""u8, 3));
    }

    [Fact]
    public void Memory_is_bounded_by_the_keys_and_one_batch_always_fits()
    {
        var latest = new LatestOffsets(keysMax: 10);
        Assert.True(latest.HasRoomFor(1_000));
        for (int i = 0; i < 8; i++) latest.Add(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)), i);
        for (int i = 0; i < 8; i++) latest.Add(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)), 10 + i);

        Assert.True(latest.HasRoomFor(2));
        Assert.False(latest.HasRoomFor(3));
    }
}

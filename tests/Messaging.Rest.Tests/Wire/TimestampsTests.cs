using System.Text;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Tests.Wire;

public sealed class TimestampsTests
{
    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000Z")]
    [InlineData(951_827_696_007, "2000-02-29T12:34:56.007Z")]
    [InlineData(253_402_300_799_999, "9999-12-31T23:59:59.999Z")]
    public void A_time_is_written_with_milliseconds_in_UTC(long unixMilliseconds, string expected)
    {
        byte[] text = new byte[Timestamps.Length];
        Timestamps.Format(unixMilliseconds, text);

        Assert.Equal(expected, Encoding.ASCII.GetString(text));
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        byte[] text = new byte[Timestamps.Length];
        for (int round = 0; round < 10_000; round++)
        {
            long time = random.NextInt64(0, 253_402_300_800_000);
            Timestamps.Format(time, text);

            Assert.True(Timestamps.TryParse(text, out DateTimeOffset read));
            Assert.Equal(time, read.ToUnixTimeMilliseconds());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T09:05:00")]
    [InlineData("2026-01-31T09:05:00.250")]
    [InlineData("2026-02-30T09:05:00Z")]
    [InlineData("2026-01-31 09:05:00Z")]
    [InlineData("2026-01-31T09:05:00.25000000000000000000000000000Z")]
    public void What_is_not_a_full_time_with_an_offset_is_refused(string text) => Assert.False(Timestamps.TryParse(Encoding.ASCII.GetBytes(text), out _));
}

using System.Text;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Topics;

public sealed class KeyPartitionerTests
{
    // Apache Kafka, UtilsTest.testMurmur2.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Keys_hash_as_in_Kafka(string key, int hash)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        Assert.Equal(hash, KeyPartitioner.Murmur2(bytes));
        Assert.Equal((hash & 0x7FFFFFFF) % 10, KeyPartitioner.Of(bytes, 10));
    }

    [Fact]
    public void Every_partition_gets_its_share_and_a_key_always_the_same()
    {
        int[] counts = new int[12];
        for (int i = 0; i < 12_000; i++)
        {
            byte[] key = Encoding.UTF8.GetBytes($"order-{i}");
            int partition = KeyPartitioner.Of(key, counts.Length);
            Assert.Equal(partition, KeyPartitioner.Of(key, counts.Length));
            counts[partition]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 800, 1_200));
        Assert.Equal(0, KeyPartitioner.Of([], 1));
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Tests.Wire;

public sealed class BodyDigestsTests
{
    [Fact]
    [SuppressMessage("Security", "CA5351", Justification = "The contract's.")]
    public void Many_at_once_are_the_same_as_one_after_the_other()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            ReadOnlyMemory<byte>[] texts = [.. Enumerable.Range(0, random.Next(1, 18)).Select(_ => (ReadOnlyMemory<byte>)Any(random))];
            byte[] digests = new byte[texts.Length * BodyDigest.TextLength];

            BodyDigests.Write(texts, digests);

            Assert.Equal(string.Concat(texts.Select(static text => Convert.ToHexStringLower(MD5.HashData(text.Span)))), Encoding.ASCII.GetString(digests));
        }
    }

    // Around the ends of blocks, where the padding changes.
    private static byte[] Any(Random random)
    {
        byte[] text = new byte[random.Next(3) == 0 ? random.Next(2_000) : (64 * random.Next(4)) + random.Next(50, 70)];
        random.NextBytes(text);
        return text;
    }
}

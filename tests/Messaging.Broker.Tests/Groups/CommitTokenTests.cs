using System.Buffers.Text;
using Messaging.Broker.Groups;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Groups;

public sealed class CommitTokenTests
{
    private static readonly MessageKeys Keys = new(Key(1), Key(2));

    internal static CommitToken Token(params TokenLease[] leases) => Token(GroupHarness.StreamId, leases);

    internal static CommitToken Token(long groupStreamId, params TokenLease[] leases) => CommitToken.Of(Keys, groupStreamId, leases);

    [Fact]
    public void A_token_survives_its_text_form()
    {
        var random = new Random(3);
        for (int count = 1; count <= GroupLimits.LeasesPerFetchMax; count++)
        {
            TokenLease[] leases = [.. Enumerable.Range(0, count).Select(_ => new TokenLease(new PartitionRef(random.NextInt64()), random.NextInt64(), random.NextInt64()))];
            CommitToken token = Token(random.NextInt64(), leases);
            string text = token.ToString();
            Assert.True(text.Length <= CommitToken.TextLengthMax);
            Assert.True(CommitToken.TryParse(text, out CommitToken? parsed));
            Assert.Equal((token.GroupStreamId, text), (parsed.GroupStreamId, parsed.ToString()));
            Assert.Equal(leases, parsed.Leases);
            Assert.True(parsed.IsGenuine(Keys));
        }

        Assert.Equal(CommitToken.TextLengthMax, Token([.. Enumerable.Repeat(default(TokenLease), GroupLimits.LeasesPerFetchMax)]).ToString().Length);
    }

    [Fact]
    public void A_token_is_forged_by_no_bit()
    {
        byte[] good = Base64Url.DecodeFromChars(Token(new TokenLease(new PartitionRef(40), 5, 1), new TokenLease(new PartitionRef(41), 6, 2)).ToString());
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] forged = [.. good];
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(CommitToken.TryParse(Base64Url.EncodeToString(forged), out CommitToken? token) && token.IsGenuine(Keys), $"bit {bit}");
        }
    }

    [Fact]
    public void Leases_of_one_token_can_t_be_put_into_another_and_other_keys_make_other_tokens()
    {
        byte[] two = Base64Url.DecodeFromChars(Token(new TokenLease(new PartitionRef(40), 5, 1), new TokenLease(new PartitionRef(41), 6, 2)).ToString());
        byte[] one = [.. two[..40], .. two[^16..]];
        one[4] = 1;
        Assert.True(CommitToken.TryParse(Base64Url.EncodeToString(one), out CommitToken? token));
        Assert.False(token.IsGenuine(Keys));
        using var others = new MessageKeys(Key(1), Key(3));
        Assert.False(Token(new TokenLease(new PartitionRef(40), 5, 1)).IsGenuine(others));
    }

    [Fact]
    public void What_cannot_be_a_token_does_not_parse()
    {
        var random = new Random(11);
        byte[] junk = new byte[3_000];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(junk);
            int length = random.Next(round % 2 == 0 ? 100 : junk.Length);
            // Every second one has a sound head.
            if (round % 4 < 2) "\u0001\0\0\0\u0002\0\0\0"u8.CopyTo(junk);
            bool parses = CommitToken.TryParse(Base64Url.EncodeToString(junk.AsSpan(0, length)), out CommitToken? token);
            Assert.Equal(parses, round % 4 < 2 && length == 16 + (2 * 24) + 16);
            Assert.False(token?.IsGenuine(Keys) ?? false);
            Assert.False(CommitToken.TryParse(new string([.. junk[..length].Select(unit => (char)unit)]), out _) && length > 0 && junk[0] > 'z');
        }

        Assert.False(CommitToken.TryParse(null, out _));
        Assert.False(CommitToken.TryParse("", out _));
        Assert.False(CommitToken.TryParse(new string('A', CommitToken.TextLengthMax + 1), out _));
        Assert.False(CommitToken.TryParse(new string('é', 100), out _));
    }

    private static byte[] Key(byte fill) => [.. Enumerable.Repeat(fill, MessageKeys.KeyBytes)];
}

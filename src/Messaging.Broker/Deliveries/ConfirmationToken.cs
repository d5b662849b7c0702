using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Deliveries;

/// <summary>
/// What proves that somebody has got the question for a confirmation: 64 hexadecimal digits, as the parts of SNS's tokens are, of the subscription's number, the time of the question and a MAC of both and of the target.
/// It is nowhere stored, is of no use for another target of the same subscription, and whoever has the server's keys can make it. Pure but for the keys.
/// </summary>
internal static class ConfirmationToken
{
    /// <summary>Characters of a token.</summary>
    public const int Length = 2 * Bytes;

    private const int Bytes = 32, TimePlace = 8, MacPlace = 16;

    // In the place of a list's first word: a token of another kind never passes for one of these.
    private const long Mark = 0x436F_6E66_6972_6D31;

    /// <summary>A secret: never logged.</summary>
    public static string Make(MessageKeys keys, long number, SubscriptionTarget target, long askedMs)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        BinaryPrimitives.WriteInt64BigEndian(bytes[TimePlace..], askedMs);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[MacPlace..], keys.MacOfWords(Words(number, askedMs, target)));
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Which subscription it would be of, and when it was made; false for what is no token. Nothing is proved by that.</summary>
    public static bool TryRead(string token, out long number, out long askedMs, out UInt128 mac)
    {
        (number, askedMs, mac) = (0, 0, 0);
        Span<byte> bytes = stackalloc byte[Bytes];
        if (token.Length != Length || Convert.FromHexString(token, bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        number = BinaryPrimitives.ReadInt64BigEndian(bytes);
        askedMs = BinaryPrimitives.ReadInt64BigEndian(bytes[TimePlace..]);
        mac = BinaryPrimitives.ReadUInt128BigEndian(bytes[MacPlace..]);
        return true;
    }

    /// <summary>Whether it was made for the subscription as it is, not too long ago; compared in constant time.</summary>
    public static bool IsGood(MessageKeys keys, long number, SubscriptionTarget target, long askedMs, UInt128 mac, long now) =>
        keys.IsOfWords(Words(number, askedMs, target), mac)
        && askedMs <= now && now - askedMs <= DeliveryLimits.ConfirmationSecondsMax * 1_000L;

    private static long[] Words(long number, long askedMs, SubscriptionTarget target)
    {
        string text = target switch
        {
            SubscriptionTarget.OfEndpoint endpoint => $"1{endpoint.Url}",
            SubscriptionTarget.OfMail mail => mail.IsJson ? $"2{mail.Address}" : $"3{mail.Address}",
            _ => "",
        };
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return [Mark, number, askedMs, BinaryPrimitives.ReadInt64LittleEndian(hash), BinaryPrimitives.ReadInt64LittleEndian(hash.AsSpan(8))];
    }
}

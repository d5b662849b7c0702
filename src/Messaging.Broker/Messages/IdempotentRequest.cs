using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Broker.Messages;

/// <summary>A request as its client names it, and as it was asked. A value.</summary>
public readonly struct IdempotentRequest
{
    /// <summary>
    /// <paramref name="fingerprint"/> is a SHA-256 of all that was asked, as it came and with what operation: times that count from now as they were asked, and
    /// not as what they come to. Whoever repeats a request sends the same bytes; and what a front refuses by itself is a part of the request too.
    /// </summary>
    public IdempotentRequest(IdempotencyKey key, ReadOnlySpan<byte> fingerprint) =>
        (Key, Fingerprint) = (Hash128.Of(Encoding.ASCII.GetBytes(key.Value)), Hash128.Read(fingerprint));

    internal Hash128 Key { get; }

    internal Hash128 Fingerprint { get; }
}

using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Deliveries;

/// <summary>One message, or one question for a confirmation, that is to be delivered. It owns its memory. Immutable.</summary>
public sealed class PushMessage
{
    /// <summary>Of one that stands in no delivery queue.</summary>
    internal const long NoOffset = -1;

    private readonly Func<EnvelopeSignature?> _sign;

    internal PushMessage(long offset, Func<EnvelopeSignature?> sign) => (Offset, _sign) = (offset, sign);

    /// <summary>The topic's id of the message, the same for every subscriber; of a question an id of its own.</summary>
    public required MessageId Id { get; init; }

    /// <summary>1 at the first one.</summary>
    public required int Attempt { get; init; }

    /// <summary>Until then nobody else delivers it: milliseconds since 1970 by the broker's clock.</summary>
    public required long LeasedUntilMs { get; init; }

    /// <summary>What it is told about its subscription.</summary>
    public required PushNames Names { get; init; }

    /// <summary>The message; null of a question.</summary>
    public NotificationDocument? Notification { get; init; }

    /// <summary>The question; null of a message.</summary>
    public ConfirmationDocument? Confirmation { get; init; }

    /// <summary>What was published, or its text for this protocol.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What <see cref="Body"/> is sent as by itself.</summary>
    public string RawContentType { get; init; } = "";

    /// <summary>The subscription asked for it again.</summary>
    public bool IsReplayed { get; init; }

    internal long Offset { get; }

    /// <summary>Of its document; made once for all subscribers. Null for messages of FIFO topics, and as long as the server has no key.</summary>
    public EnvelopeSignature? Sign() => _sign();
}

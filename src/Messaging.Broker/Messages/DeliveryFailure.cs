namespace Messaging.Broker.Messages;

/// <summary>Why a subscription could not deliver, as attributes of the message in its dead-letter queue say it, as those of Amazon SNS do. UTF-8. Immutable.</summary>
internal sealed record DeliveryFailure(ReadOnlyMemory<byte> Code, ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> RequestId = default)
{
    public static readonly DeliveryFailure None = new(default, default);

    /// <summary>By the names that Amazon SNS has for them (Developer Guide, "Amazon SNS dead-letter queues").</summary>
    public IReadOnlyList<MessageAttribute> Attributes => RequestId.IsEmpty
        ? [Text("ErrorCode", Code), Text("ErrorMessage", Message)]
        : [Text("RequestID", RequestId), Text("ErrorCode", Code), Text("ErrorMessage", Message)];

    private static MessageAttribute Text(string name, ReadOnlyMemory<byte> value) => new(name, AttributeKind.String, null, value);
}

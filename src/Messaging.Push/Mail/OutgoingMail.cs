namespace Messaging.Push.Mail;

/// <summary>One mail to one mailbox. Immutable.</summary>
public sealed record OutgoingMail
{
    /// <summary>The same at every attempt, so that a mail that came twice can be known by it: letters, digits and '-'.</summary>
    public required string Id { get; init; }

    /// <summary>The mailbox: an address alone, without a name.</summary>
    public required string To { get; init; }

    /// <summary>What a reader sees as the sender, such as a topic's display name; null shows the address.</summary>
    public string? SenderName { get; init; }

    public required string Subject { get; init; }

    /// <summary>Text in UTF-8 with any line ends. Borrowed until the call has ended.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Push.Mail;

/// <summary>How one mail went. A value.</summary>
public readonly record struct MailResult
{
    public MailFault Fault { get; init; }

    /// <summary>The server's last reply code; null without one.</summary>
    public int? Code { get; init; }

    /// <summary>The text of that reply, at most <see cref="PushLimits.MailReplyCharactersMax"/> characters.</summary>
    public string Reply { get; init; }

    /// <summary>From the call to its result.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What is wrong with the server's configuration may be mended, and is tried again.</summary>
    public DeliveryVerdict Verdict => Fault switch
    {
        MailFault.None => DeliveryVerdict.Delivered,
        MailFault.AddressInvalid or MailFault.Refused => DeliveryVerdict.GiveUp,
        MailFault.Connect or MailFault.Tls or MailFault.Authentication or MailFault.Unsupported or MailFault.Deferred or MailFault.Timeout or MailFault.Protocol => DeliveryVerdict.TryAgain,
    };
}

using System.Text;
using Messaging.Broker.Subscriptions;
using Messaging.Push.Http;
using Messaging.Push.Mail;

namespace Messaging.Push.Delivery;

/// <summary>Faults in the words that operators and dead letters have. Pure.</summary>
internal static class FaultWords
{
    public static string NameOf(PushFault fault) => fault switch
    {
        PushFault.None => "status",
        PushFault.EndpointInvalid => "endpointInvalid",
        PushFault.AddressRefused => "addressRefused",
        PushFault.Dns => "dns",
        PushFault.Connect => "connect",
        PushFault.Tls => "tls",
        PushFault.Timeout => "timeout",
        PushFault.AnswerTooLarge => "answerTooLarge",
        PushFault.Protocol => "protocol",
        PushFault.LeftAlone => "leftAlone",
        PushFault.Overloaded => "overloaded",
    };

    public static string NameOf(MailFault fault) => fault switch
    {
        MailFault.None => "none",
        MailFault.AddressInvalid => "addressInvalid",
        MailFault.Connect => "connect",
        MailFault.Tls => "tls",
        MailFault.Authentication => "authentication",
        MailFault.Unsupported => "unsupported",
        MailFault.Deferred => "deferred",
        MailFault.Refused => "refused",
        MailFault.Timeout => "timeout",
        MailFault.Protocol => "protocol",
    };

    public static string Tell(PushResult result) => result.Fault switch
    {
        PushFault.None => Cut($"The endpoint answered {result.Status}. {Encoding.UTF8.GetString(result.Answer.Span)}"),
        PushFault.EndpointInvalid => "The endpoint is no URL of HTTP or HTTPS.",
        PushFault.AddressRefused => "The endpoint has no address that deliveries may be made to.",
        PushFault.Dns => "The endpoint's name has no address.",
        PushFault.Connect => "Nobody takes connections at the endpoint.",
        PushFault.Tls => "No TLS could be agreed on with the endpoint, or its certificate is not trusted.",
        PushFault.Timeout => "The endpoint did not answer in time.",
        PushFault.AnswerTooLarge => "The head of the endpoint's answer is too large.",
        PushFault.Protocol => "The connection to the endpoint broke, or its answer is not HTTP.",
        PushFault.LeftAlone or PushFault.Overloaded => "It was not tried.",
    };

    public static string Tell(in MailResult result) => Cut(result.Code is { } code ? $"The mail server answered {code}. {result.Reply}" : $"The mail could not be sent: {NameOf(result.Fault)}.");

    // An attribute of a dead letter has no control characters.
    private static string Cut(string text)
    {
        var words = new StringBuilder(Math.Min(text.Length, SubscriptionLimits.DeliveryReasonCharactersMax));
        foreach (char one in text.AsSpan(0, Math.Min(text.Length, SubscriptionLimits.DeliveryReasonCharactersMax))) words.Append(char.IsControl(one) || char.IsSurrogate(one) ? ' ' : one);
        return words.ToString().TrimEnd();
    }
}

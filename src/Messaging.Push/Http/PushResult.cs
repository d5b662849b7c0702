using System.Net;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Push.Http;

/// <summary>How one delivery went. A value.</summary>
public readonly record struct PushResult
{
    /// <summary><see cref="PushFault.None"/> with an answer, whatever its status.</summary>
    public PushFault Fault { get; init; }

    /// <summary>The answer's status; null without one.</summary>
    public int? Status { get; init; }

    /// <summary>From the call to its result.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Of an answer that is no success: the first bytes of its body, at most <see cref="PushLimits.AnswerBytesMax"/>.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>With <see cref="PushFault.LeftAlone"/>: how long it is no use to try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>2xx is delivered; 4xx other than 429 is the endpoint's last word, and so is an address that may not be reached. Redirects are not followed, and count as failures.</summary>
    public DeliveryVerdict Verdict => Fault switch
    {
        PushFault.None => VerdictOf(Status ?? 0),
        PushFault.EndpointInvalid or PushFault.AddressRefused => DeliveryVerdict.GiveUp,
        PushFault.LeftAlone or PushFault.Overloaded => DeliveryVerdict.NotTried,
        PushFault.Dns or PushFault.Connect or PushFault.Tls or PushFault.Timeout or PushFault.AnswerTooLarge or PushFault.Protocol => DeliveryVerdict.TryAgain,
    };

    private static DeliveryVerdict VerdictOf(int status) => status switch
    {
        >= 200 and < 300 => DeliveryVerdict.Delivered,
        (int)HttpStatusCode.TooManyRequests => DeliveryVerdict.TryAgain,
        >= 400 and < 500 => DeliveryVerdict.GiveUp,
        _ => DeliveryVerdict.TryAgain,
    };
}

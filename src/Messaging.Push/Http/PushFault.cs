namespace Messaging.Push.Http;

/// <summary>Why a delivery has no answer.</summary>
public enum PushFault
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>The endpoint is no URL of HTTP or HTTPS with a host.</summary>
    EndpointInvalid,

    /// <summary>All of its addresses are in networks that deliveries may not be made to.</summary>
    AddressRefused,

    /// <summary>Its name has no address, or DNS did not say.</summary>
    Dns,

    /// <summary>Nobody takes connections there.</summary>
    Connect,

    /// <summary>TLS was not agreed on, or its certificate is not one for the name by somebody who is trusted.</summary>
    Tls,

    /// <summary><see cref="PushOptions.AttemptTimeout"/> has passed.</summary>
    Timeout,

    /// <summary>The answer's head is larger than <see cref="PushLimits.AnswerHeadKilobytesMax"/>.</summary>
    AnswerTooLarge,

    /// <summary>The connection broke, or what came is not HTTP.</summary>
    Protocol,

    /// <summary>Not tried: the endpoint has only failed of late; <see cref="PushResult.RetryAfter"/> says how long it is left alone.</summary>
    LeftAlone,

    /// <summary>Not tried: <see cref="PushLimits.InFlightMax"/> deliveries are under way.</summary>
    Overloaded,
}

namespace Messaging.Rest.Errors;

/// <summary>
/// What the front refuses by itself, before the broker hears of it. Beside the broker's own <see cref="Broker.ErrorCode"/>.
/// </summary>
internal enum FrontCode
{
    MalformedJson,
    UnknownField,
    DuplicateField,
    MissingField,
    BodyTooLarge,
    UnsupportedMediaType,
    UnsupportedContentEncoding,
    /// <summary>Closed mode, and the call has no access key.</summary>
    Unauthorized,
    /// <summary>The server was called by a name that is not this machine's.</summary>
    ForbiddenHost,
    /// <summary>A web page of another site called.</summary>
    ForbiddenOrigin,
    /// <summary>Nobody may do this while the server is as it is.</summary>
    Forbidden,
    RouteNotFound,
    MethodNotAllowed,
    RequestTimeout,
    BadRequest,
    /// <summary>The server listens and is still recovering.</summary>
    Starting,
    Internal,
}

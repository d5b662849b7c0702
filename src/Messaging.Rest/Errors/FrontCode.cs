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
    RouteNotFound,
    MethodNotAllowed,
    RequestTimeout,
    BadRequest,
    /// <summary>The server listens and is still recovering.</summary>
    Starting,
    Internal,
}

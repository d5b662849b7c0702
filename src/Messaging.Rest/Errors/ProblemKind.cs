namespace Messaging.Rest.Errors;

/// <summary>
/// What all problems of one code share: the HTTP status, the stable code that clients program against, the title, and for
/// 429 and 503 the seconds of <c>Retry-After</c>.
/// </summary>
internal readonly record struct ProblemKind(int Status, string Code, string Title, int RetryAfterSeconds = 0);

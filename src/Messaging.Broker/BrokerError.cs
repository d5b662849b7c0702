namespace Messaging.Broker;

/// <summary>A refusal: the code, a sentence for a human, and the field of the request that it is about, where there is one (camelCase, as in "messages[3].delaySeconds"; what the client named stands last, as in "messages[3].attributes.color").</summary>
public sealed record BrokerError(ErrorCode Code, string Detail, string? Field = null);

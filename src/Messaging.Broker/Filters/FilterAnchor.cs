namespace Messaging.Broker.Filters;

/// <summary>
/// What a message must have at least so that a policy can match: at <paramref name="Path"/> (names joined by dots, UTF-8) one of <paramref name="Values"/> as
/// text (UTF-8, each once). Lets an index find policies by what a message says.
/// </summary>
public sealed record FilterAnchor(ReadOnlyMemory<byte> Path, IReadOnlyList<ReadOnlyMemory<byte>> Values);

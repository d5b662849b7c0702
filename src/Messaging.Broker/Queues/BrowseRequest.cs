using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>One page of a queue's messages: in that state, or in any; from the token of the page before, or from the oldest; at most so many.</summary>
public readonly record struct BrowseRequest(MessageState? State, string? After, int Limit);

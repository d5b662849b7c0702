namespace Messaging.Broker.Messages;

/// <summary>What an id stands for: where the message was stored first. Whether anything is there is for the locator to say.</summary>
internal readonly record struct MessagePlace(long StreamId, long Offset);

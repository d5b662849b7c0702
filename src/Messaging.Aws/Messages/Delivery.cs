namespace Messaging.Aws.Messages;

/// <summary>What all messages of one receive share: what was asked for, whose queue it is, and when (ms since 1970).</summary>
internal readonly record struct Delivery(SystemAttributes System, AttributeFilter Filter, string Account, string Region, long ReceivedMs);

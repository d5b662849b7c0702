namespace Messaging.Broker.Messages;

/// <summary>What a queue asks of a message: its largest size in bytes with attributes, whether it has to have a group, and how many priorities there are.</summary>
internal readonly record struct MessageRules(int BytesMax, bool NeedsGroup, int Priorities);

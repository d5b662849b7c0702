namespace Messaging.Broker.Queues;

/// <summary>The message that was stored under a deduplication id, by its offset.</summary>
internal readonly record struct FirstMessage(long Offset) : IRemembered
{
    public int Weight => 1;
}

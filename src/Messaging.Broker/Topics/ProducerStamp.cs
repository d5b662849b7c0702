namespace Messaging.Broker.Topics;

/// <summary>Who publishes a batch, as its header says it. <see cref="BaseSequence"/> -1: without numbers, so that nothing tells a second one from the first.</summary>
internal readonly record struct ProducerStamp(long Id, short Epoch, int BaseSequence, int Count, bool IsTransactional)
{
    /// <summary>No producer.</summary>
    public const long NoId = -1;

    public const int NoSequence = -1;

    /// <summary>The number of its last record: numbers go on from 0 behind the largest one, as Kafka's do.</summary>
    public int LastSequence => BaseSequence == NoSequence ? NoSequence : (int)((BaseSequence + (long)Count - 1) & int.MaxValue);
}

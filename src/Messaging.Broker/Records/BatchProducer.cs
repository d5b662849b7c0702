namespace Messaging.Broker.Records;

/// <summary>Whose batch it is, and which of that producer's. The sequence is that of the first record.</summary>
internal readonly record struct BatchProducer(long Id, short Epoch, int BaseSequence, bool IsTransactional = false)
{
    /// <summary>A producer without an id: nothing is known again, and nothing is in a transaction.</summary>
    public static BatchProducer None { get; } = new(-1, -1, -1);
}

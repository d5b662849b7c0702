namespace Messaging.Broker.Records;

/// <summary>One way to compress the records of a batch. Without state: safe from any thread.</summary>
internal interface IRecordCodec
{
    /// <summary>Kafka's word for it.</summary>
    string Name { get; }

    /// <summary>Whether this machine has what it takes; does not change while the process runs.</summary>
    bool IsAvailable { get; }

    /// <summary>Decompresses all of the source to the end of the output, whose bound holds whatever the source announces. Never throws, whatever the bytes are. What is there after a failure means nothing.</summary>
    Decompression Decompress(ReadOnlySpan<byte> source, PooledBytes output);

    /// <summary>Compresses the source to the end of the output, which has room for it.</summary>
    void Compress(ReadOnlySpan<byte> source, PooledBytes output);
}

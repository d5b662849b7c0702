using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Topics;

namespace Messaging.Grpc.Topics;

/// <summary>What a page of fetched records came to.</summary>
/// <param name="NextOffset">Where the next page goes on.</param>
/// <param name="Bytes">Of its records.</param>
/// <param name="Error">Why what follows can't be read. A page that has records ends before it, and says so to whoever asks on.</param>
internal readonly record struct PageEnd(long NextOffset, long Bytes, BrokerError? Error);

/// <summary>Pages of fetched records: as many as fit, but one in any case, so that every page makes progress. Hot path.</summary>
internal static class RecordPages
{
    /// <summary>Adds records to <paramref name="records"/>: so many at most, and so many bytes of them.</summary>
    public static PageEnd Fill(RepeatedField<V1.Record> records, FetchedRecords fetched, int recordsMax, long bytesMax)
    {
        using FetchedRecordReader reader = fetched.Read();
        long bytes = 0;
        for (int count = 0; count < recordsMax && reader.MoveNext(); count++)
        {
            V1.Record record = RecordWriter.Of(in reader);
            int size = record.CalculateSize();
            if (count > 0 && bytes + size > bytesMax)
                return new PageEnd(record.Offset, bytes, null);
            records.Add(record);
            bytes += size;
        }
        return new PageEnd(reader.NextOffset, bytes, reader.Error);
    }
}

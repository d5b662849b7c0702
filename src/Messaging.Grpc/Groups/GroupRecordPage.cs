using Google.Protobuf.Collections;
using Messaging.Broker.Groups;
using Messaging.Broker.Topics;
using Messaging.Grpc.Topics;

namespace Messaging.Grpc.Groups;

/// <summary>
/// Records of a group fetch: as many as fit into <see cref="GrpcLimits.FetchPageBytesMax"/>, but one in any case. The token commits what the page has and no more. Hot path.
/// </summary>
internal static class GroupRecordPage
{
    /// <summary>Adds the records, and says how far it came with each partition; answers their bytes.</summary>
    public static long Fill(RepeatedField<V1.GroupRecord> page, GroupRecords records)
    {
        long bytes = 0;
        for (int part = 0; part < records.Count; part++)
            FillPart(page, records, part, ref bytes);
        return bytes;
    }

    private static void FillPart(RepeatedField<V1.GroupRecord> page, GroupRecords records, int part, ref long bytes)
    {
        FetchedRecords fetched = records.RecordsOf(part);
        string topic = records.TopicOf(part).Value;
        using FetchedRecordReader reader = fetched.Read();
        while (bytes < GrpcLimits.FetchPageBytesMax && reader.MoveNext())
        {
            var record = new V1.GroupRecord { Topic = topic, Partition = fetched.Partition, Record = RecordWriter.Of(in reader) };
            int size = record.CalculateSize();
            if (page.Count > 0 && bytes + size > GrpcLimits.FetchPageBytesMax)
            {
                // Nor does what comes behind it go before it.
                bytes = GrpcLimits.FetchPageBytesMax;
                records.Reached(part, record.Record.Offset, error: null);
                return;
            }
            page.Add(record);
            bytes += size;
        }
        records.Reached(part, reader.NextOffset, reader.Error);
    }
}

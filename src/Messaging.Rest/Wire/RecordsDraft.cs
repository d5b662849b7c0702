using System.Text.Json;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The records of one publish as they are read. Owned by the operation, which disposes it; not thread-safe. Hot path.</summary>
/// <param name="partition">Where all of them go, or null where each says so itself, or leaves it to its key.</param>
internal sealed class RecordsDraft(int? partition) : IDisposable
{
    /// <summary>The field that holds them.</summary>
    public const string Place = "records";

    private const int RecordsField = 0, ProducerField = 1;

    public static readonly FieldTable Fields = new([Place, ProducerParser.Place]);

    public EntryList<OutgoingRecord> Records { get; } = new();

    /// <summary>As whom they are published; null as nobody who is known.</summary>
    public ProducerClaim? Producer { get; private set; }

    public static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, RecordsDraft draft)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return (seen & (1u << RecordsField)) == 0 ? Problem.Of(FrontCode.MissingField, "The call has records, an array with at least one entry.", Place) : null;
            Problem? problem = field == ProducerField
                ? draft.ReadProducer(ref reader, document)
                : JsonRequest.Entries(ref reader, document, Place, draft.Records, draft.ReadEntry);
            if (problem is not null)
                return problem;
        }
    }

    public void Dispose() => Records.Dispose();

    private Problem? ReadProducer(ref Utf8JsonReader reader, RequestDocument document)
    {
        Problem? problem = ProducerParser.Read(ref reader, document, out ProducerClaim producer);
        Producer = producer;
        return problem?.Under(ProducerParser.Place);
    }

    private Problem? ReadEntry(ref Utf8JsonReader reader, RequestDocument document, out OutgoingRecord record)
    {
        if (RecordParser.Read(ref reader, document, out record) is { } problem)
            return problem;
        if (partition is not { } chosen)
            return null;
        if (record.Partition is { } own && own != chosen)
            return Problem.Invalid("partition", $"The path says that the records go to partition {chosen}.");
        record = record with { Partition = chosen };
        return null;
    }
}

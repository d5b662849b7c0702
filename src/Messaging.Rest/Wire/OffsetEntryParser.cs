using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>An offset that a group commits, or that is set for it.</summary>
internal static class OffsetEntryParser
{
    private const int Topic = 0, Partition = 1, Offset = 2, Metadata = 3, LeaderEpoch = 4;
    private const uint Needed = (1u << Topic) | (1u << Partition) | (1u << Offset);

    public static readonly FieldTable Fields = new(["topic", "partition", "offset", "metadata", "leaderEpoch"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, out OffsetEntry entry)
    {
        entry = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        (TopicName topic, int partition, long offset, string metadata, int? leaderEpoch) = (default, 0, 0, "", null);
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                break;
            string name = Fields.Served[field];
            Problem? problem = field switch
            {
                Topic => GroupPlaceParser.ReadName(ref reader, document, name, out topic),
                Partition => JsonText.Integer(ref reader, name, 0, TopicLimits.PartitionsMax - 1, out partition),
                Offset => JsonText.Integer(ref reader, name, 0, long.MaxValue, out offset),
                Metadata => JsonText.Text(ref reader, document, name, out metadata),
                LeaderEpoch => ReadEpoch(ref reader, name, out leaderEpoch),
                _ => throw new UnreachableException($"Field {field} has no case."),
            };
            if (problem is not null)
                return problem;
        }
        entry = new OffsetEntry(topic, partition, offset, leaderEpoch, metadata);
        for (int field = Topic; field <= Offset; field++)
        {
            if ((seen & Needed & (1u << field)) == 0)
                return Problem.Of(FrontCode.MissingField, "An entry has a topic, a partition and an offset.", Fields.Served[field]);
        }
        return null;
    }

    private static Problem? ReadEpoch(ref Utf8JsonReader reader, string name, out int? epoch)
    {
        Problem? problem = JsonText.Integer(ref reader, name, 0, int.MaxValue, out int number);
        epoch = number;
        return problem;
    }
}

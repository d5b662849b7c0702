using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker.Groups;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>What a member says with a heartbeat.</summary>
internal static class HeartbeatParser
{
    private const int Generation = 0, Owned = 1, Instance = 2;

    public static readonly FieldTable Fields = new(["generation", "owned", "instanceId"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box box)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return (seen & (1u << Generation)) == 0 ? Problem.Of(FrontCode.MissingField, "A member shows the generation that it was told last.", "generation") : null;
            string name = Fields.Served[field];
            Problem? problem = field switch
            {
                Generation => JsonText.Integer(ref reader, name, 0, int.MaxValue, out box.Generation),
                Owned => GroupPlaceParser.List<TopicPartition>(ref reader, document, name, GroupPlaceParser.ReadPartition, out box.Owned!),
                Instance => JsonText.Text(ref reader, document, name, out box.InstanceId!),
                _ => throw new UnreachableException($"Field {field} has no case."),
            };
            if (problem is not null)
                return problem;
        }
    }

    /// <summary>What has been read.</summary>
    internal sealed class Box
    {
        public int Generation;
        public List<TopicPartition>? Owned;
        public string? InstanceId;
    }
}

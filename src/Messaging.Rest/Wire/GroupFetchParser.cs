using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>What a client that does not stay asks of a group.</summary>
internal static class GroupFetchParser
{
    private const int Topics = 0, Max = 1, MaxBytes = 2, WaitSeconds = 3, LeaseSeconds = 4, Start = 5, IsolationField = 6;

    public static readonly FieldTable Fields = new(["topics", "max", "maxBytes", "waitSeconds", "leaseSeconds", "start", "isolation"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box box)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return (seen & (1u << Topics)) == 0 ? Problem.Of(FrontCode.MissingField, "A group fetch has topics, an array of names.", "topics") : null;
            string name = Fields.Served[field];
            Problem? problem = field switch
            {
                Topics => GroupPlaceParser.List<TopicName>(ref reader, document, name, GroupPlaceParser.ReadName, out box.Topics),
                Max => JsonText.Integer(ref reader, name, 1, RestLimits.FetchRecordsMax, out box.Max),
                MaxBytes => JsonText.Integer(ref reader, name, 1, TopicLimits.FetchBytesMax, out box.MaxBytes),
                WaitSeconds => JsonText.Integer(ref reader, name, 0, TopicLimits.FetchWaitSecondsMax, out box.WaitSeconds),
                LeaseSeconds => JsonText.Integer(ref reader, name, 1, QueueLimits.LeaseSecondsMax, out box.LeaseSeconds),
                Start => ReadChoice(ref reader, document, name, "earliest", "latest", out box.StartsAtLatest),
                IsolationField => ReadChoice(ref reader, document, name, "readCommitted", "readUncommitted", out box.IsUncommitted),
                _ => throw new UnreachableException($"Field {field} has no case."),
            };
            if (problem is not null)
                return problem;
        }
    }

    private static Problem? ReadChoice(ref Utf8JsonReader reader, RequestDocument document, string field, string usual, string other, out bool isOther)
    {
        isOther = false;
        if (JsonText.Text(ref reader, document, field, out string text) is { } problem)
            return problem;
        isOther = text == other;
        return isOther || text == usual ? null : Problem.Invalid(field, $"Must be {usual} or {other}.");
    }

    /// <summary>What has been read.</summary>
    internal sealed class Box
    {
        public List<TopicName> Topics = [];
        public int Max = RestLimits.FetchRecordsDefault;
        public int MaxBytes = TopicLimits.FetchBytesDefault;
        public int WaitSeconds;
        public int LeaseSeconds = GroupLimits.GroupLeaseSecondsDefault;
        public bool StartsAtLatest;
        public bool IsUncommitted;

        public GroupFetchRequest ToRequest() => new()
        {
            Topics = Topics,
            RecordsMax = Max,
            BytesMax = MaxBytes,
            Wait = TimeSpan.FromSeconds(WaitSeconds),
            LeaseSeconds = LeaseSeconds,
            StartsAtLatest = StartsAtLatest,
            Isolation = IsUncommitted ? Isolation.ReadUncommitted : Isolation.ReadCommitted,
        };
    }
}

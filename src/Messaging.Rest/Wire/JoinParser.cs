using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>What a client says of itself when it joins a group. Which topics and times there may be is the broker's to say.</summary>
internal static class JoinParser
{
    private const int Topics = 0, Member = 1, Instance = 2, Client = 3, Session = 4, Rebalance = 5, Protocol = 6, Strategy = 7, Owned = 8;

    public static readonly FieldTable Fields = new(
        ["topics", "memberId", "instanceId", "clientId", "sessionSeconds", "rebalanceSeconds", "protocol", "strategy", "owned"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box box)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return (seen & (1u << Topics)) == 0 ? Problem.Of(FrontCode.MissingField, "A member has topics, an array of names.", "topics") : null;
            if (ReadField(ref reader, document, field, box) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, Box box)
    {
        string name = Fields.Served[field];
        return field switch
        {
            Topics => GroupPlaceParser.List<TopicName>(ref reader, document, name, GroupPlaceParser.ReadName, out box.Topics),
            Member => MemberWords.Read(ref reader, document, name, out box.Member),
            Instance => JsonText.Text(ref reader, document, name, out box.InstanceId!),
            Client => JsonText.Text(ref reader, document, name, out box.ClientId),
            Session => JsonText.Integer(ref reader, name, GroupLimits.SessionSecondsMin, GroupLimits.SessionSecondsMax, out box.SessionSeconds),
            Rebalance => JsonText.Integer(ref reader, name, GroupLimits.RebalanceSecondsMin, GroupLimits.RebalanceSecondsMax, out box.RebalanceSeconds),
            Protocol => ReadProtocol(ref reader, document, name, box),
            Strategy => ReadStrategy(ref reader, document, name, box),
            Owned => GroupPlaceParser.List<TopicPartition>(ref reader, document, name, GroupPlaceParser.ReadPartition, out box.Owned),
            _ => throw new UnreachableException($"Field {field} has no case."),
        };
    }

    private static Problem? ReadProtocol(ref Utf8JsonReader reader, RequestDocument document, string name, Box box)
    {
        if (JsonText.Text(ref reader, document, name, out string text) is { } problem)
            return problem;
        bool isKnown = GroupWords.TryParse(text, out GroupProtocol protocol);
        box.Protocol = protocol;
        return isKnown ? null : Problem.Invalid(name, "Must be cooperative or eager.");
    }

    private static Problem? ReadStrategy(ref Utf8JsonReader reader, RequestDocument document, string name, Box box)
    {
        if (JsonText.Text(ref reader, document, name, out string text) is { } problem)
            return problem;
        bool isKnown = GroupWords.TryParse(text, out AssignmentStrategy strategy);
        box.Strategy = strategy;
        return isKnown ? null : Problem.Invalid(name, "Must be range, roundRobin or sticky.");
    }

    /// <summary>What has been read.</summary>
    internal sealed class Box
    {
        public List<TopicName> Topics = [];
        public List<TopicPartition> Owned = [];
        public MemberId? Member;
        public string? InstanceId;
        public string ClientId = "";
        public int SessionSeconds = GroupLimits.SessionSecondsDefault;
        public int RebalanceSeconds = GroupLimits.RebalanceSecondsDefault;
        public GroupProtocol? Protocol;
        public AssignmentStrategy? Strategy;

        public JoinRequest ToRequest(string clientHost) => new()
        {
            Topics = Topics,
            MemberId = Member,
            InstanceId = InstanceId,
            ClientId = ClientId,
            ClientHost = clientHost,
            SessionSeconds = SessionSeconds,
            RebalanceSeconds = RebalanceSeconds,
            Protocol = Protocol,
            Strategy = Strategy,
        };
    }
}

using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Groups;

/// <summary>What calls on consumer groups name: topics, partitions, members and words. Which of them there may be is the broker's to say.</summary>
internal static class GroupReader
{
    /// <summary>Null for an empty text, which names none.</summary>
    public static TopicName? MaybeTopic(string text) => text.Length == 0 ? null : Names.Topic(text, "topic");

    public static TopicName[] ReadTopics(RepeatedField<string> wire) => Read(wire, "topics", Names.Topic);

    public static TopicPartition[] ReadPartitions(RepeatedField<V1.TopicPartition> wire, string field) => Read(
        wire, field, static (partition, place) => new TopicPartition(Names.Topic(partition.Topic, place + ".topic"), ReadNumber(partition.Partition, place + ".partition")));

    public static ResetTarget[] ReadTargets(RepeatedField<V1.ResetTarget> wire) => Read(
        wire, "topics",
        static (target, place) => new ResetTarget(Names.Topic(target.Topic, place + ".topic"), target.HasPartition ? ReadNumber(target.Partition, place + ".partition") : null));

    /// <summary>What can't be a member's id names no member.</summary>
    public static MemberId ReadMember(string text, string field = "memberId") => MemberId.TryParse(text, out MemberId member)
        ? member
        : throw Refusal.Of(new BrokerError(ErrorCode.UnknownMember, "A member is named as its join has answered.", field));

    /// <summary>Null for an empty text.</summary>
    public static MemberId? MaybeMember(string text, string field = "memberId") => text.Length == 0 ? null : ReadMember(text, field);

    public static CommitToken ReadToken(string text)
    {
        if (text.Length == 0)
            throw Refusal.Missing("token", "The call has the token of a fetch.");
        return CommitToken.TryParse(text, out CommitToken? token)
            ? token
            : throw Refusal.Of(new BrokerError(ErrorCode.CommitTokenInvalid, "This is not a commit token of this server.", "token"));
    }

    /// <summary>A list that is taken as a whole: what is wrong with one entry is wrong with the call.</summary>
    public static TEntry[] Read<TWire, TEntry>(RepeatedField<TWire> wire, string field, Func<TWire, string, TEntry> read)
    {
        if (wire.Count > GrpcLimits.GroupEntriesMax)
            throw Refusal.Of(EntryCount.TooMany(field, GrpcLimits.GroupEntriesMax));
        var entries = new TEntry[wire.Count];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = read(wire[index], $"{field}[{index}]");
        return entries;
    }

    public static GroupProtocol? ReadProtocol(V1.GroupProtocol protocol) => protocol switch
    {
        V1.GroupProtocol.Unspecified => null,
        V1.GroupProtocol.Cooperative => GroupProtocol.Cooperative,
        V1.GroupProtocol.Eager => GroupProtocol.Eager,
        _ => throw Refusal.Invalid("protocol", "Must be cooperative or eager."),
    };

    public static AssignmentStrategy? ReadStrategy(V1.AssignmentStrategy strategy) => strategy switch
    {
        V1.AssignmentStrategy.Unspecified => null,
        V1.AssignmentStrategy.Range => AssignmentStrategy.Range,
        V1.AssignmentStrategy.RoundRobin => AssignmentStrategy.RoundRobin,
        V1.AssignmentStrategy.Sticky => AssignmentStrategy.Sticky,
        _ => throw Refusal.Invalid("strategy", "Must be range, roundRobin or sticky."),
    };

    private static int ReadNumber(int number, string field) => Pages.Range(number, 0, TopicLimits.PartitionsMax - 1, field);
}

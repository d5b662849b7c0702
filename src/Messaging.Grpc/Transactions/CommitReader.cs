using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Transactions;

/// <summary>What a transaction commits for a consumer group: a token alone, or offsets, perhaps of a member. <c>place</c> is that of the commit.</summary>
internal static class CommitReader
{
    /// <summary>Null where there is none.</summary>
    public static CommitToken? ReadToken(V1.TransactionCommit wire, string place)
    {
        if (wire.Token.Length == 0)
            return null;
        if (wire.Offsets.Count > 0 || wire.MemberId.Length > 0 || wire.HasGeneration || wire.InstanceId.Length > 0)
            throw Refusal.Invalid(place + ".token", "A token is committed alone.");
        return CommitToken.TryParse(wire.Token, out CommitToken? token)
            ? token
            : throw Refusal.Of(new BrokerError(ErrorCode.CommitTokenInvalid, "This is not a commit token of this server.", place + ".token"));
    }

    public static OffsetsCommit ReadOffsets(V1.TransactionCommit wire, string place)
    {
        if (wire.Offsets.Count == 0)
            throw Refusal.Invalid(place + ".offsets", "A commit has a token, or at least one offset.");
        if (wire.MemberId.Length > 0 != wire.HasGeneration)
            throw Refusal.Invalid(place + (wire.HasGeneration ? ".memberId" : ".generation"), "A member shows its generation.");
        if (wire is { HasGeneration: true, Generation: < 0 })
            throw Refusal.Invalid(place + ".generation", "A generation is 0 or more.");
        var entries = new OffsetEntry[wire.Offsets.Count];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = Read(wire.Offsets[index], $"{place}.offsets[{index}]");
        return new OffsetsCommit(entries, ReadMember(wire.MemberId, place), wire.HasGeneration ? wire.Generation : null, Pages.Maybe(wire.InstanceId));
    }

    private static OffsetEntry Read(V1.OffsetEntry wire, string place)
    {
        if (!TopicName.TryParse(wire.Topic, out TopicName topic))
            throw Refusal.Of(new BrokerError(ErrorCode.InvalidName, "This is not a legal name of a topic.", place + ".topic"));
        int partition = Pages.Range(wire.Partition, 0, TopicLimits.PartitionsMax - 1, place + ".partition");
        if (wire.Offset < 0)
            throw Refusal.Invalid(place + ".offset", "An offset is 0 or more.");
        if (wire is { HasLeaderEpoch: true, LeaderEpoch: < 0 })
            throw Refusal.Invalid(place + ".leaderEpoch", "A leader epoch is 0 or more.");
        return new OffsetEntry(topic, partition, wire.Offset, wire.HasLeaderEpoch ? wire.LeaderEpoch : null, wire.Metadata);
    }

    // What can't be one names no member.
    private static MemberId? ReadMember(string text, string place)
    {
        if (text.Length == 0)
            return null;
        return MemberId.TryParse(text, out MemberId member)
            ? member
            : throw Refusal.Of(new BrokerError(ErrorCode.UnknownMember, "A member is named as its join has answered.", place + ".memberId"));
    }
}

using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Groups;

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
        string list = $"{place}.{OffsetReader.Place}";
        ReadOnlyMemory<OffsetEntry> entries = BatchAnswer.All(list, OffsetReader.ReadEntries(wire.Offsets, list));
        return OffsetReader.Commit(entries.ToArray(), wire.MemberId, wire.HasGeneration ? wire.Generation : null, wire.InstanceId, place + ".");
    }
}

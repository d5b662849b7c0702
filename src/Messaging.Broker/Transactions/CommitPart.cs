using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Transactions;

/// <summary>
/// Offsets of a consumer group that are committed in a transaction. A group decides by changing its state, so that it can't be judged before: it comes last, when all other parts can be done, and
/// there is one at most.
/// </summary>
internal sealed class CommitPart : ITransactionPart
{
    // The group may grow from when it is measured to its turn.
    private const int Slack = 2;

    private readonly GroupHost _host;
    private readonly GroupKey _group;
    private readonly IGroupCall<bool> _call;

    private CommitPart(GroupHost host, GroupKey group, IGroupCall<bool> call) =>
        (_host, _group, _call, Bytes) = (host, group, call, Slack * host.Measure(group, call));

    public string Kind => TransactionOperation.Commit.Word;

    public int Bytes { get; }

    public bool HasRecords => false;

    public int AnswerBytesMax => 0;

    /// <summary>Outside of the sequencer; or why not.</summary>
    public static Result<ITransactionPart> Make(GroupHost host, TransactionOperation.Commit asked)
    {
        if (host.Check(asked.Group) is { } refusal) return refusal;
        if (asked.Token is { } token && !token.IsGenuine(host.Topics.Keys)) return GroupRefusals.TokenInvalid;
        if (asked.Offsets is { } offsets && OffsetEntries.Check(offsets.Offsets.Count) is { } tooMany) return tooMany;
        return new CommitPart(host, asked.Group, asked.Token is null ? new CommitAllCall(asked.Offsets!) : new SettleCall(asked.Token, isCommit: true));
    }

    public BrokerError? Judge(long now) => null;

    public BrokerError? DecideLast(in Command command) => _host.DecideIn(command, _group, _call, Bytes) is { } decided
        ? decided.Error
        : new BrokerError(ErrorCode.Overloaded, "The consumer group changes much at this moment; try again.");

    public void Do(in Command command, long now)
    {
        // It is done already.
    }

    public void WriteAnswer(ref EntryWriter writer)
    {
        // That it was done is all there is to tell.
    }

    public TransactionResult Tell() => default;

    public void Dispose()
    {
    }
}

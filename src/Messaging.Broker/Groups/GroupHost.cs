using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>
/// What the calls on groups share, and how each is made: first a look, which is all where nothing is to be written; then a command with room for whatever it may append. One instance a broker.
/// </summary>
internal sealed class GroupHost(TopicHost topics, GroupDirectory groups)
{
    public static readonly BrokerError TooMany = new(ErrorCode.TooManyGroups, $"The server has at most {GroupLimits.GroupsMax} consumer groups.");

    public TopicHost Topics => topics;

    public GroupDirectory Groups => groups;

    public LogEngine Engine => topics.Engine;

    /// <summary>Fetches that wait until offsets or leases of their group change.</summary>
    public GroupWaits Waits { get; } = new();

    public static BrokerError NotFound(in GroupKey key) => new(ErrorCode.GroupNotFound, $"There is no consumer group \"{key.Name}\".");

    /// <summary>Why no call on this group is made.</summary>
    public BrokerError? Check(in GroupKey key) =>
        topics.Shared.WhyStopping() ?? (key.Name.Value.Length == 0 ? new BrokerError(ErrorCode.InvalidName, "A consumer group has a name.", "group") : null);

    /// <summary>The call's answer, once it and all that it tells of are synced. Cancellation counts until it is sequenced.</summary>
    public async ValueTask<Result<T>> RunAsync<T>(GroupKey key, IGroupCall<T> call, CancellationToken cancellationToken)
    {
        using CallCounter.Call counted = topics.Calls.Enter();
        if (Check(key) is { } refusal) return refusal;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Look(key, call, out Result<T>? quiet, out int bytes);
            if (quiet is { } answered) return answered;
            if (bytes > Engine.CommandBytesMax) return GroupRefusals.TooLarge;
            using Admission admission = await Engine.AdmitStateAsync(bytes, cancellationToken);
            if (admission.IsRefused) return await topics.WhyNotAdmittedAsync();
            await Sequence(key, call, bytes, out Result<T>? result);
            if (result is { } done) return done;
        }
    }

    /// <summary>Most of what the call may append as things are; a command that has more to do takes its own measure again.</summary>
    public int Measure<T>(in GroupKey key, IGroupCall<T> call)
    {
        using Command command = Engine.BeginCommand(0);
        return Room(key, call, out _);
    }

    /// <summary>The call as a part of a larger command, in which it may append so many bytes; null where that does not do any more. Refused, it makes no group.</summary>
    public Result<T>? DecideIn<T>(in Command command, in GroupKey key, IGroupCall<T> call, int bytes)
    {
        if (Room(key, call, out LiveGroup? group) > bytes) return null;
        if (group is null && Try(key, call, groups.TopicsOf(key)) is { } refused) return refused;
        return Decide(command, key, group, call);
    }

    private int Room<T>(in GroupKey key, IGroupCall<T> call, out LiveGroup? group)
    {
        groups.TryGet(key, out group);
        GroupTopics known = group?.Topics ?? groups.TopicsOf(key);
        return GroupRoom.Of(Engine.LastStreamId, group?.State, known, call.Topics, call.BytesMax(known));
    }

    // What writes nothing is answered by looking.
    private ValueTask Look<T>(in GroupKey key, IGroupCall<T> call, out Result<T>? answer, out int bytes)
    {
        ValueTask synced;
        using (Command command = Engine.BeginCommand(0))
        {
            groups.TryGet(key, out LiveGroup? group);
            GroupTopics known = group?.Topics ?? groups.TopicsOf(key);
            answer = group is null ? Try(key, call, known) : Ask(group, call);
            bytes = answer is null ? GroupRoom.Of(Engine.LastStreamId, group?.State, known, call.Topics, call.BytesMax(known)) : 0;
            synced = answer is null ? default : command.Commit();
        }

        return synced;
    }

    // A group that is not there is tried out on an empty state, so that what is refused makes none. Null where it is to be made.
    private Result<T>? Try<T>(in GroupKey key, IGroupCall<T> call, GroupTopics known)
    {
        if (!call.Makes) return NotFound(key);
        if (groups.Count >= GroupLimits.GroupsMax) return TooMany;
        var trial = new GroupChange(new GroupState(0), topics.Clock.NowMs());
        Result<T> tried = call.Decide(trial, known);
        return tried.IsOk && trial.Count > 0 ? (Result<T>?)null : tried;
    }

    // Null where the call may write something.
    private Result<T>? Ask<T>(LiveGroup group, IGroupCall<T> call)
    {
        // First of all the time: what it lets go of, the call no longer finds.
        var change = new GroupChange(group.State, topics.Clock.NowMs());
        if (!group.IsCalm(change.NowMs) || !call.IsQuiet(group.State, group.Topics!, change.NowMs)) return null;
        Result<T> answer = call.Decide(change, group.Topics!);
        Invariant.Check(change.Count == 0, "A call that is quiet writes nothing.");
        return answer;
    }

    // Null where what was there has changed since it was measured, so that the room does not do.
    private ValueTask Sequence<T>(in GroupKey key, IGroupCall<T> call, int bytes, out Result<T>? result)
    {
        ValueTask synced;
        using (Command command = Engine.BeginCommand(bytes))
        {
            groups.TryGet(key, out LiveGroup? group);
            GroupTopics known = group?.Topics ?? groups.TopicsOf(key);
            if (GroupRoom.Of(Engine.LastStreamId, group?.State, known, call.Topics, call.BytesMax(known)) > bytes) result = null;
            else if (group is null && !call.Makes) result = NotFound(key);
            else if (group is null && groups.Count >= GroupLimits.GroupsMax) result = TooMany;
            else result = Decide(command, key, group, call);
            synced = command.Commit();
        }

        return synced;
    }

    private Result<T> Decide<T>(in Command command, in GroupKey key, LiveGroup? group, IGroupCall<T> call)
    {
        bool isNew = group is null;
        group ??= groups.Attach(command.CreateStream());
        var change = new GroupChange(group.State, topics.Clock.NowMs());
        if (isNew)
        {
            OpenGroup.Decide(change, key);
            groups.Publish(group);
        }

        Follow(change, group);
        Result<T> answer = call.Decide(change, group.Topics!);
        for (int i = 0; i < change.Count; i++) command.AppendState(group.Stream, change[i]);
        if (call.Wakes || call.Ends) Waits.Wake(key);
        if (!call.Ends) return answer;
        command.DropStream(group.Stream);
        groups.Detach(group.Stream.Id);
        return answer;
    }

    // Topics tell nobody that they change: a group compares when its turn comes, with its next call or with the heartbeat. So no change of a topic pays for all groups, and none is lost by a crash.
    private static void Follow(GroupChange change, LiveGroup group)
    {
        GroupTopics topics = group.Topics!;
        if (group.TopicsSeen == topics.Changes) return;
        var gone = new List<PartitionRef>();
        foreach (PartitionRef partition in change.State.Offsets.All.Keys)
        {
            if (!topics.TryGet(partition, out _)) gone.Add(partition);
        }

        gone.Sort();
        ResetOffsets.Forget(change, [.. gone]);
        AssignPartitions.TopicsChanged(change, topics);
        group.TopicsSeen = topics.Changes;
    }
}

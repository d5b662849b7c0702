using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>Sets a group's offsets to what partitions have of a time, or to their ends: looked for first, then set in one command, all or nothing.</summary>
internal sealed class ResetGroup(GroupHost host, FindOffsets findOffsets)
{
    /// <summary>The offsets that it has now.</summary>
    public async ValueTask<Result<IReadOnlyList<OffsetEntry>>> RunAsync(GroupKey key, OffsetReset reset, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Topics.Calls.Enter();
        if ((host.Check(key) ?? Check(reset)) is { } refusal) return refusal;
        IReadOnlyList<ResetTarget>? targets = reset.Targets.Count > 0 ? reset.Targets : Known(key);
        if (targets is null) return await host.Topics.ToldAsync(GroupHost.NotFound(key));
        var offsets = new List<OffsetEntry>();
        foreach (ResetTarget target in targets)
        {
            var topic = new TopicKey(key.Account, key.Namespace, target.Topic);
            Result<IReadOnlyList<FoundOffset>> found = await findOffsets.RunAsync(topic, target.Partition, reset.At, cancellationToken);
            if (!found.IsOk) return found.Error;
            foreach (FoundOffset one in found.Value) offsets.Add(new OffsetEntry(target.Topic, one.Partition, one.Offset));
            if (offsets.Count > GroupLimits.PartitionsPerGroupMax) return GroupRefusals.TooManyPartitions;
        }

        Result<bool> put = await host.RunAsync(key, new PutOffsetsCall(offsets), cancellationToken);
        return put.IsOk ? offsets : put.Error;
    }

    private static BrokerError? Check(OffsetReset reset)
    {
        if (reset.Targets.Count > GroupLimits.OffsetsPerCallMax) return EntryCount.TooMany("topics", GroupLimits.OffsetsPerCallMax);
        return new HashSet<ResetTarget>(reset.Targets).Count == reset.Targets.Count
            ? null
            : new BrokerError(ErrorCode.InvalidValue, "A reset names each topic and partition once.", "topics");
    }

    // The topics of which it has offsets; null without such a group.
    private List<ResetTarget>? Known(in GroupKey key)
    {
        using Command command = host.Engine.BeginCommand(0);
        if (!host.Groups.TryGet(key, out LiveGroup? group)) return null;
        var topics = new HashSet<TopicName>();
        foreach (TopicPartition partition in group.Topics!.Name(group.State.Offsets.All.Keys)) topics.Add(partition.Topic);
        var targets = new List<ResetTarget>(topics.Count);
        foreach (TopicName topic in topics) targets.Add(new ResetTarget(topic));
        return targets;
    }
}

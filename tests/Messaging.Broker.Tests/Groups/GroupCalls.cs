using System.Text;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Groups;

/// <summary>The calls of a test on groups of a whole broker in few words.</summary>
internal static class GroupCalls
{
    public static GroupKey Group(string name = "g")
    {
        Assert.True(GroupName.TryParse(name, out GroupName group));
        return new GroupKey(AccountId.Default, NamespaceName.Default, group);
    }

    public static async Task<Membership> Join(this BrokerHarness harness, GroupKey group, JoinRequest request) =>
        Good(await harness.Broker.Groups.JoinAsync(group, request, [], default));

    public static Task<Membership> Join(this BrokerHarness harness, GroupKey group, TopicKey topic, string? instanceId = null) =>
        harness.Join(group, new JoinRequest { Topics = [topic.Name], InstanceId = instanceId });

    /// <summary>A heartbeat that shows the member's assigned partitions alone: what it is asked to give up it has given up.</summary>
    public static async Task<Membership> Beat(this BrokerHarness harness, GroupKey group, Membership member) =>
        Good(await harness.Broker.Groups.HeartbeatAsync(group, new HeartbeatRequest(member.Id, member.Generation, member.Assigned), default));

    public static async Task<ErrorCode?> BeatError(this BrokerHarness harness, GroupKey group, MemberId member, int generation, string? instanceId = null) =>
        (await harness.Broker.Groups.HeartbeatAsync(group, new HeartbeatRequest(member, generation, null, instanceId), default)).Error?.Code;

    public static async Task<ErrorCode?> Leave(this BrokerHarness harness, GroupKey group, Membership member) =>
        (await harness.Broker.Groups.LeaveAsync(group, member.Id, null, default)).Error?.Code;

    /// <summary>Heartbeats of all until each has what it is to have.</summary>
    public static async Task<Membership[]> Settle(this BrokerHarness harness, GroupKey group, params Membership[] members)
    {
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < members.Length; i++) members[i] = await harness.Beat(group, members[i]);
            if (members.All(member => member.IsSettled && member.Generation == members[0].Generation)) return members;
        }

        Assert.Fail("The group does not settle.");
        return members;
    }

    public static IReadOnlyList<int> Numbers(Membership member) => [.. member.Assigned.Select(partition => partition.Partition)];

    public static async Task<ErrorCode?> Commit(this BrokerHarness harness, GroupKey group, TopicKey topic, int partition, long offset, Membership? member = null)
    {
        var commit = new OffsetsCommit([new OffsetEntry(topic.Name, partition, offset)], member?.Id, member?.Generation);
        Result<BrokerError?[]> done = await harness.Broker.Groups.CommitAsync(group, commit, default);
        return done.IsOk ? Assert.Single(done.Value)?.Code : done.Error.Code;
    }

    public static async Task<long?> Committed(this BrokerHarness harness, GroupKey group, TopicKey topic, int partition = 0)
    {
        IReadOnlyList<CommittedOffset> offsets = Good(await harness.Broker.Groups.GetOffsetsAsync(group, topic.Name, default));
        return offsets.SingleOrDefault(offset => offset.Partition == partition)?.Offset;
    }

    public static async Task<ErrorCode?> Reset(this BrokerHarness harness, GroupKey group, long at, params ResetTarget[] targets) =>
        (await harness.Broker.Groups.ResetAsync(group, new OffsetReset(at, targets), default)).Error?.Code;

    public static GroupFetchRequest Ask(TopicKey topic, int max = 100, double wait = 0, int lease = 30, bool startsAtLatest = false) => new()
    {
        Topics = [topic.Name],
        RecordsMax = max,
        Wait = TimeSpan.FromSeconds(wait),
        LeaseSeconds = lease,
        StartsAtLatest = startsAtLatest,
    };

    public static Task<Taken> Take(this BrokerHarness harness, GroupKey group, TopicKey topic, int max = 100, double wait = 0, int lease = 30) =>
        harness.Take(group, Ask(topic, max, wait, lease));

    public static async Task<Taken> Take(this BrokerHarness harness, GroupKey group, GroupFetchRequest request) =>
        Copy(Good(await harness.Broker.Groups.FetchAsync(group, request, default)));

    public static async Task<ErrorCode?> TakeError(this BrokerHarness harness, GroupKey group, GroupFetchRequest request)
    {
        Result<GroupRecords> fetched = await harness.Broker.Groups.FetchAsync(group, request, default);
        if (fetched.IsOk) fetched.Value.Dispose();
        return fetched.Error?.Code;
    }

    public static async Task<ErrorCode?> Commit(this BrokerHarness harness, GroupKey group, CommitToken? token)
    {
        Assert.NotNull(token);
        return (await harness.Broker.Groups.CommitAsync(group, token, default)).Error?.Code;
    }

    /// <summary>The records, copied as "partition:value"; the answer is disposed.</summary>
    public static Taken Copy(GroupRecords answer)
    {
        using GroupRecords records = answer;
        var values = new List<string>();
        for (int i = 0; i < records.Count; i++)
        {
            FetchedRecords part = records.RecordsOf(i);
            FetchedRecordReader reader = part.Read();
            while (reader.MoveNext()) values.Add($"{part.Partition}:{Encoding.UTF8.GetString(reader.Value)}");
            Assert.Null(reader.Error);
            records.Reached(i, reader.NextOffset, reader.Error);
            reader.Dispose();
        }

        return new Taken([.. values], records.Token());
    }

    public static T Good<T>(Result<T> result)
    {
        Assert.True(result.IsOk, result.Error?.Detail);
        return result.Value;
    }
}

/// <summary>What a group fetch was given.</summary>
internal sealed record Taken(string[] Values, CommitToken? Token);

using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Groups;

/// <summary>Consumer groups, as group_service.proto says. One for the process, thread-safe.</summary>
internal sealed class GroupService(Front front) : V1.GroupService.GroupServiceBase
{
    public override async Task<V1.JoinGroupResponse> JoinGroup(V1.JoinGroupRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        var join = new JoinRequest
        {
            Topics = GroupReader.ReadTopics(request.Topics),
            MemberId = GroupReader.MaybeMember(request.MemberId),
            InstanceId = Pages.Maybe(request.InstanceId),
            ClientId = request.ClientId,
            ClientHost = context.GetHttpContext().Connection.RemoteIpAddress?.ToString() ?? "",
            SessionSeconds = request.HasSessionSeconds ? request.SessionSeconds : GroupLimits.SessionSecondsDefault,
            RebalanceSeconds = request.HasRebalanceSeconds ? request.RebalanceSeconds : GroupLimits.RebalanceSecondsDefault,
            Protocol = GroupReader.ReadProtocol(request.Protocol),
            Strategy = GroupReader.ReadStrategy(request.Strategy),
        };
        Membership joined = (await call.Broker.Groups.JoinAsync(
            call.Group(request.Group), join, GroupReader.ReadPartitions(request.Owned, "owned"), CancellationToken.None)).OrRefuse();
        return LentAnswer.Placed(context, front, new V1.JoinGroupResponse { Membership = GroupWriter.Of(joined) });
    }

    public override async Task<V1.HeartbeatMemberResponse> HeartbeatMember(V1.HeartbeatMemberRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        var beat = new HeartbeatRequest(
            GroupReader.ReadMember(request.MemberId),
            Pages.Range(request.Generation, 0, int.MaxValue, "generation"),
            request.Owned is { } owned ? GroupReader.ReadPartitions(owned.Partitions, "owned.partitions") : null,
            Pages.Maybe(request.InstanceId));
        Membership told = (await call.Broker.Groups.HeartbeatAsync(call.Group(request.Group), beat, CancellationToken.None)).OrRefuse();
        return LentAnswer.Placed(context, front, new V1.HeartbeatMemberResponse { Membership = GroupWriter.Of(told) });
    }

    public override async Task<V1.LeaveGroupResponse> LeaveGroup(V1.LeaveGroupRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Groups.LeaveAsync(
            call.Group(request.Group), GroupReader.ReadMember(request.MemberId), Pages.Maybe(request.InstanceId), CancellationToken.None)).OrRefuse();
        return new V1.LeaveGroupResponse();
    }

    public override async Task<V1.RemoveInstanceResponse> RemoveInstance(V1.RemoveInstanceRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        GroupKey group = call.Group(request.Group);
        if (request.InstanceId.Length == 0)
            throw Refusal.Missing("instanceId", "The call says by instanceId which static member is meant; others leave by their own ids.");
        (await call.Broker.Groups.RemoveInstanceAsync(group, request.InstanceId, CancellationToken.None)).OrRefuse();
        return new V1.RemoveInstanceResponse();
    }

    // A fetch that does not wait has nothing to cancel. The records' memory is given back before the answer goes out; what can't be told now is there for the next fetch at once.
    public override async Task<V1.FetchForGroupResponse> FetchForGroup(V1.FetchForGroupRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        GroupKey group = call.Group(request.Group);
        GroupFetchRequest asked = GroupFetchReader.Read(request);
        CancellationToken leaving = asked.Wait == TimeSpan.Zero ? CancellationToken.None : context.CancellationToken;
        using GroupRecords records = (await call.Broker.Groups.FetchAsync(group, asked, leaving)).OrRefuse();
        var response = new V1.FetchForGroupResponse { LeasedUntil = Times.Maybe(records.LeasedUntilMs) };
        long bytes = GroupRecordPage.Fill(response.Records, records);
        if (records.Token() is not { } token)
            return response;
        if ((records.Refusal ?? (LentAnswer.TryReserve(context, front, bytes) ? null : LentAnswer.Overloaded)) is { } refusal)
        {
            await call.Broker.Groups.ReleaseAsync(group, token, CancellationToken.None);
            throw Refusal.Of(refusal);
        }
        response.CommitToken = token.ToString();
        return response;
    }

    public override async Task<V1.CommitOffsetsResponse> CommitOffsets(V1.CommitOffsetsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        GroupKey group = call.Group(request.Group);
        var response = new V1.CommitOffsetsResponse();
        if (request.Token.Length > 0)
        {
            if (request.Offsets.Count > 0 || request.MemberId.Length > 0 || request.HasGeneration || request.InstanceId.Length > 0)
                throw Refusal.Invalid("token", "A token is committed alone.");
            (await call.Broker.Groups.CommitAsync(group, GroupReader.ReadToken(request.Token), CancellationToken.None)).OrRefuse();
            return response;
        }
        Entries<OffsetEntry> entries = OffsetReader.ReadEntries(request.Offsets, OffsetReader.Place);
        OffsetsCommit commit = OffsetReader.Commit(entries.Accepted.ToArray(), request.MemberId, request.HasGeneration ? request.Generation : null, request.InstanceId);
        BrokerError?[] outcomes = entries.AreAllRefused ? [] : (await call.Broker.Groups.CommitAsync(group, commit, CancellationToken.None)).OrRefuse();
        BatchAnswer.Fill(OffsetReader.Place, entries, outcomes, response.Results, EntryResults.ErrorOf, EntryResults.ResultOf);
        return response;
    }

    public override async Task<V1.ReleaseRecordsResponse> ReleaseRecords(V1.ReleaseRecordsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Groups.ReleaseAsync(call.Group(request.Group), GroupReader.ReadToken(request.Token), CancellationToken.None)).OrRefuse();
        return new V1.ReleaseRecordsResponse();
    }

    public override async Task<V1.GetGroupOffsetsResponse> GetGroupOffsets(V1.GetGroupOffsetsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        IReadOnlyList<CommittedOffset> found = (await call.Broker.Groups.GetOffsetsAsync(
            call.Group(request.Group), GroupReader.MaybeTopic(request.Topic), context.CancellationToken)).OrRefuse();
        return LentAnswer.Placed(context, front, new V1.GetGroupOffsetsResponse { Offsets = { found.Select(GroupWriter.Of) } });
    }

    public override async Task<V1.PutGroupOffsetsResponse> PutGroupOffsets(V1.PutGroupOffsetsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Groups.PutOffsetsAsync(call.Group(request.Group), OffsetReader.ReadAll(request), CancellationToken.None)).OrRefuse();
        return new V1.PutGroupOffsetsResponse();
    }

    public override async Task<V1.DeleteGroupOffsetsResponse> DeleteGroupOffsets(V1.DeleteGroupOffsetsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        GroupKey group = call.Group(request.Group);
        TopicName topic = GroupReader.MaybeTopic(request.Topic)
            ?? throw Refusal.Missing("topic", "The call says which topic's offsets are meant; all of a group's go with the group.");
        int? partition = request.HasPartition ? Pages.Range(request.Partition, 0, int.MaxValue, "partition") : null;
        (await call.Broker.Groups.DeleteOffsetsAsync(group, topic, partition, CancellationToken.None)).OrRefuse();
        return new V1.DeleteGroupOffsetsResponse();
    }

    public override async Task<V1.ResetGroupResponse> ResetGroup(V1.ResetGroupRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        GroupKey group = call.Group(request.Group);
        IReadOnlyList<OffsetEntry> set;
        if (request.ToCase == V1.ResetGroupRequest.ToOneofCase.Offset)
        {
            set = ResetReader.ReadOffsets(request);
            (await call.Broker.Groups.PutOffsetsAsync(group, set, CancellationToken.None)).OrRefuse(RequestFields.OfReset);
        }
        else
        {
            set = (await call.Broker.Groups.ResetAsync(group, ResetReader.ReadReset(request), CancellationToken.None)).OrRefuse(RequestFields.OfReset);
        }
        return LentAnswer.Placed(context, front, new V1.ResetGroupResponse { Offsets = { set.Select(GroupWriter.Of) } });
    }

    public override async Task<V1.ListGroupsResponse> ListGroups(V1.ListGroupsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (int size, string? token) = Pages.Read(request.Page);
        GroupPage page = (await call.Broker.Groups.ListAsync(call.Account, call.Space, request.Prefix, size, token, context.CancellationToken)).OrRefuse(RequestFields.OfPage);
        return LentAnswer.Placed(context, front, new V1.ListGroupsResponse { Groups = { page.Groups.Select(GroupWriter.Of) }, NextPageToken = page.NextPageToken ?? "" });
    }

    public override async Task<V1.DescribeGroupResponse> DescribeGroup(V1.DescribeGroupRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        GroupDescription found = (await call.Broker.Groups.DescribeAsync(call.Group(request.Group), context.CancellationToken)).OrRefuse();
        return LentAnswer.Placed(context, front, new V1.DescribeGroupResponse { Group = GroupWriter.Of(found) });
    }

    public override async Task<V1.DeleteGroupResponse> DeleteGroup(V1.DeleteGroupRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Groups.DeleteAsync(call.Group(request.Group), CancellationToken.None)).OrRefuse();
        return new V1.DeleteGroupResponse();
    }
}

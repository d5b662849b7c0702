using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Groups;

/// <summary>Consumer groups over gRPC, by the generated client.</summary>
internal sealed class GrpcGroupFront(GrpcServer server) : IGroupFront
{
    private GroupService.GroupServiceClient Calls => new(server.Channel);

    public Task<string[]> CommitAsync(string group, FrontMember? member, params GroupPlace[] places)
    {
        var request = new CommitOffsetsRequest { Group = group, Offsets = { places.Select(Of) } };
        if (member is not null) (request.MemberId, request.Generation, request.InstanceId) = (member.Id, member.Generation, member.Instance ?? "");
        return Calls.CommitOffsetsAsync(request).OutcomesAsync(response => response.Results, result => result.Error);
    }

    public Task<string> CommitTokenAsync(string group, string token) => Calls.CommitOffsetsAsync(new CommitOffsetsRequest { Group = group, Token = token }).OutcomeAsync();

    public Task<string> ReleaseAsync(string group, string token) => Calls.ReleaseRecordsAsync(new ReleaseRecordsRequest { Group = group, Token = token }).OutcomeAsync();

    public async Task<(string Outcome, GroupProgress[] Offsets)> GetOffsetsAsync(string group)
    {
        (string outcome, GetGroupOffsetsResponse? response) = await Calls.GetGroupOffsetsAsync(new GetGroupOffsetsRequest { Group = group }).AskAsync();
        return (outcome, [.. (response?.Offsets ?? []).Select(one => new GroupProgress(one.Topic, one.Partition, one.HasOffset ? one.Offset : null, one.Metadata, one.Lag))]);
    }

    public Task<string> PutOffsetsAsync(string group, params GroupPlace[] places) =>
        Calls.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = group, Offsets = { places.Select(Of) } }).OutcomeAsync();

    public Task<string> DeleteOffsetsAsync(string group, string topic) => Calls.DeleteGroupOffsetsAsync(new DeleteGroupOffsetsRequest { Group = group, Topic = topic }).OutcomeAsync();

    public async Task<(string Outcome, IReadOnlyList<long> Offsets)> ResetAsync(string group, string to)
    {
        var request = new ResetGroupRequest { Group = group };
        if (to is "earliest" or "latest") request.End = to == "earliest" ? PartitionEnd.Earliest : PartitionEnd.Latest;
        else request.Time = Timestamp.FromDateTimeOffset(DateTimeOffset.Parse(to, CultureInfo.InvariantCulture));
        (string outcome, ResetGroupResponse? response) = await Calls.ResetGroupAsync(request).AskAsync();
        return (outcome, [.. (response?.Offsets ?? []).Select(one => one.Offset)]);
    }

    public async Task<(string Outcome, string[] Bodies, string Token)> FetchAsync(string group, string topic, int max)
    {
        (string outcome, FetchForGroupResponse? response) = await Calls.FetchForGroupAsync(new FetchForGroupRequest { Group = group, Topics = { topic }, Max = max }).AskAsync();
        return (outcome, [.. (response?.Records ?? []).Select(record => record.Record.Body.ToStringUtf8())], response?.CommitToken ?? "");
    }

    public Task<(string Outcome, FrontMember? Member)> JoinAsync(string group, string topic, string? instance = null) =>
        ToldAsync(Calls.JoinGroupAsync(new JoinGroupRequest { Group = group, Topics = { topic }, InstanceId = instance ?? "" }), response => response.Membership, topic, instance);

    public Task<(string Outcome, FrontMember? Member)> HeartbeatAsync(string group, FrontMember member)
    {
        var request = new HeartbeatMemberRequest { Group = group, MemberId = member.Id, Generation = member.Generation, InstanceId = member.Instance ?? "", Owned = new OwnedPartitions() };
        request.Owned.Partitions.AddRange(member.Assigned.Select(one => new TopicPartition { Topic = member.Topic, Partition = one }));
        return ToldAsync(Calls.HeartbeatMemberAsync(request), response => response.Membership, member.Topic, member.Instance);
    }

    public Task<string> LeaveAsync(string group, FrontMember member) => Calls.LeaveGroupAsync(new LeaveGroupRequest { Group = group, MemberId = member.Id }).OutcomeAsync();

    public async Task<(string Outcome, string Status, int Members)> DescribeAsync(string group)
    {
        (string outcome, DescribeGroupResponse? response) = await Calls.DescribeGroupAsync(new DescribeGroupRequest { Group = group }).AskAsync();
        return response is null ? (outcome, "", 0) : ("", JsonNamingPolicy.CamelCase.ConvertName(response.Group.Status.ToString()), response.Group.Members.Count);
    }

    public async Task<string[]> ListAsync(string prefix) => [.. (await Calls.ListGroupsAsync(new ListGroupsRequest { Prefix = prefix })).Groups.Select(group => group.Name)];

    public Task<string> DeleteAsync(string group) => Calls.DeleteGroupAsync(new DeleteGroupRequest { Group = group }).OutcomeAsync();

    private static async Task<(string Outcome, FrontMember? Member)> ToldAsync<T>(AsyncUnaryCall<T> call, Func<T, Membership> membership, string topic, string? instance)
        where T : class
    {
        (string outcome, T? response) = await call.AskAsync();
        if (response is null) return (outcome, null);
        Membership told = membership(response);
        return ("", new FrontMember(told.MemberId, topic, instance, told.Generation, [.. told.Assigned.Select(one => one.Partition)], told.Settled));
    }

    private static OffsetEntry Of(GroupPlace place) => new() { Topic = place.Topic, Partition = place.Partition, Offset = place.Offset, Metadata = place.Metadata };
}

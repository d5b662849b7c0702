using Messaging.V1;

namespace Messaging.Grpc.Tests.Groups;

/// <summary>Records that were read for a group and have no room in the answer: with each of them the answer has the topic's name once more.</summary>
public sealed class GroupPageTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private const int Count = 1_000, BytesMax = 16 * 1024 * 1024;

    [Fact]
    public async Task A_token_commits_what_the_answer_has_and_no_more()
    {
        var groups = new GroupService.GroupServiceClient(server.Channel);
        string topic = GrpcServer.NewName().PadRight(255, 'n');
        await server.Topics().PutTopicAsync(new PutTopicRequest { Topic = topic });
        // Together just less than a fetch reads, and with the names more than an answer has.
        string[] half = [.. Enumerable.Repeat(new string('x', 16_640), Count / 2)];
        await server.PublishAsync(topic, 0, half);
        await server.PublishAsync(topic, 0, half);
        var request = new FetchForGroupRequest { Group = GrpcServer.NewName(), Topics = { topic }, Max = Count, MaxBytes = BytesMax };

        FetchForGroupResponse first = await groups.FetchForGroupAsync(request);
        await groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = request.Group, Token = first.CommitToken });
        FetchForGroupResponse second = await groups.FetchForGroupAsync(request);

        Assert.InRange(first.Records.Count, (Count / 2) + 1, Count - 1);
        Assert.Equal(Enumerable.Range(0, Count).Select(number => (long)number), first.Records.Concat(second.Records).Select(record => record.Record.Offset));
    }
}

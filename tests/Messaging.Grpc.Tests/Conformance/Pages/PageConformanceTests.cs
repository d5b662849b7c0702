using Messaging.Grpc.Tests.Conformance.Groups;
using Messaging.Grpc.Tests.Conformance.Operations;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Subscriptions;

namespace Messaging.Grpc.Tests.Conformance.Pages;

/// <summary>A list goes on over every front, wherever its page was told, and no other list takes its token.</summary>
public sealed class PageConformanceTests(Fronts fronts) : IClassFixture<Fronts>, IAsyncLifetime
{
    private readonly GrpcQueueFront _queues = new(fronts.Server.Channel);
    private readonly GrpcSubscriptionFront _topics = new(fronts.Server.Channel);
    private readonly string _queue = GrpcServer.NewName(), _source = GrpcServer.NewName(), _other = GrpcServer.NewName(), _topic = GrpcServer.NewName();
    private Dictionary<string, IPagedFront> _fronts = [];

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    // Two of everything that is listed.
    public async Task InitializeAsync()
    {
        _fronts = new()
        {
            [Fronts.Rest] = new RestPagedFront(fronts.RestCalls, _queue, _topic), [Fronts.Grpc] = new GrpcPagedFront(fronts.Server, _queue, _topic), [Fronts.Aws] = new AwsPagedFront(fronts.AwsCalls, _queue),
        };
        await _queues.CreateQueueAsync(_queue, new QueueTerms());
        await _topics.CreateTopicAsync(_topic);
        await _topics.CreateTopicAsync(GrpcServer.NewName());
        foreach (string source in (string[])[_source, _other])
        {
            await _queues.CreateQueueAsync(source, new QueueTerms { DeadLetter = (_queue, 9) });
            await _queues.SendAsync(_queue, new FrontSend(source));
            Assert.Equal("", await _topics.SubscribeAsync(_topic, source, new SubscriptionTerms()));
            Assert.Equal("", await new GrpcGroupFront(fronts.Server).PutOffsetsAsync(source, new GroupPlace(_topic, 0, 0)));
            Assert.Equal("", await new GrpcRedriveFront(fronts.Server.Channel).RedriveAsync(source, _queue));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_token_is_of_its_list_and_of_no_other(string first, string second)
    {
        // A page of SNS has more entries than there are.
        string[] lists = first == Fronts.Aws ? ["queues", "deadLetterSources"] : _fronts[first].Lists;
        foreach (string list in lists)
        {
            (string outcome, string? token) = await _fronts[first].PageAsync(list);
            Assert.Equal("", outcome);
            Assert.NotNull(token);
            foreach (string other in _fronts[second].Lists)
                Assert.Equal((other, other == list ? "" : "invalidValue"), (other, (await _fronts[second].PageAsync(other, token)).Outcome));
        }
    }
}

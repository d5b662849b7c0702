using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Subscriptions;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Access;

/// <summary>In closed mode a call needs a key over every front, and a key opens what is its account's and nothing else.</summary>
public sealed class ClosedConformanceTests(ClosedFronts fronts) : IClassFixture<ClosedFronts>
{
    private readonly string _queue = GrpcServer.NewName(), _topic = GrpcServer.NewName();

    public static TheoryData<string> All => [Fronts.Rest, Fronts.Grpc, Fronts.Aws];

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Who_has_no_key_or_a_wrong_one_is_told_so(string name)
    {
        Assert.Equal("", await fronts.Queues(name, ClosedFronts.Own).CreateQueueAsync(_queue, new QueueTerms()));
        foreach (TestKey? wrong in (TestKey?[])[null, ClosedFronts.Own with { Secret = ClosedFronts.Own.Secret + "." }, ClosedFronts.Own with { Id = "AKIAMESSAGING0000009" }, ClosedFronts.Own with { Secret = ClosedFronts.Foreign.Secret }])
        {
            IQueueFront front = fronts.Queues(name, wrong);
            Assert.Equal("unauthorized", await front.CreateQueueAsync(_queue + "2", new QueueTerms()));
            Assert.Equal(["unauthorized"], await front.SendAsync(_queue, new FrontSend("1")));
            Assert.Equal("unauthorized", (await front.ReceiveAsync(_queue)).Outcome);
            Assert.Equal("unauthorized", await front.DeleteQueueAsync(_queue));
            Assert.Equal("unauthorized", await fronts.Topics(name, wrong).CreateTopicAsync(_topic));
            Assert.Equal(["unauthorized"], await fronts.Topics(name, wrong).PublishAsync(_topic, new FrontSend("1")));
        }
        Assert.Empty((await fronts.Queues(name, ClosedFronts.Own).ReceiveAsync(_queue)).Messages);
        Assert.Equal([_queue], await fronts.Queues(name, ClosedFronts.Own).ListQueuesAsync(_queue));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_key_opens_what_its_account_has_over_every_front_and_no_other_accounts(string first, string second)
    {
        Assert.Equal("", await fronts.Queues(first, ClosedFronts.Own).CreateQueueAsync(_queue, new QueueTerms()));
        Assert.Equal([""], await fronts.Queues(first, ClosedFronts.Own).SendAsync(_queue, new FrontSend("1")));

        IQueueFront foreign = fronts.Queues(second, ClosedFronts.Foreign);
        Assert.Empty(await foreign.ListQueuesAsync(_queue));
        Assert.Equal(["queueNotFound"], await foreign.SendAsync(_queue, new FrontSend("2")));
        Assert.Equal("queueNotFound", (await foreign.ReceiveAsync(_queue)).Outcome);
        Assert.Equal("", await foreign.CreateQueueAsync(_queue, new QueueTerms()));
        Assert.Equal([""], await fronts.Queues(first, ClosedFronts.Foreign).SendAsync(_queue, new FrontSend("3")));

        Assert.Equal(["1"], (await fronts.Queues(second, ClosedFronts.Own).ReceiveAsync(_queue)).Messages.Select(message => message.Body));
        Assert.Equal(["3"], (await foreign.ReceiveAsync(_queue)).Messages.Select(message => message.Body));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_key_publishes_to_what_its_account_has(string first, string second)
    {
        Assert.Equal("", await fronts.Queues(first, ClosedFronts.Own).CreateQueueAsync(_queue, new QueueTerms()));
        Assert.Equal("", await fronts.Topics(first, ClosedFronts.Own).CreateTopicAsync(_topic));
        Assert.Equal("", await fronts.Topics(second, ClosedFronts.Own).SubscribeAsync(_topic, _queue, new SubscriptionTerms()));

        Assert.Equal([""], await fronts.Topics(first, ClosedFronts.Own).PublishAsync(_topic, new FrontSend("1")));
        Assert.Equal(["topicNotFound"], await fronts.Topics(second, ClosedFronts.Foreign).PublishAsync(_topic, new FrontSend("2")));
        Assert.Equal("topicNotFound", (await fronts.Topics(second, ClosedFronts.Foreign).ListAsync(_topic)).Outcome);

        Assert.Equal(["1"], (await fronts.Queues(second, ClosedFronts.Own).ReceiveAsync(_queue)).Messages.Select(message => message.Body));
    }

    // REST and gRPC name no account, and have but one call that a key does not open.
    [Fact]
    public async Task A_key_without_the_right_is_told_so()
    {
        await fronts.Queues(Fronts.Aws, ClosedFronts.Own).CreateQueueAsync(_queue, new QueueTerms());
        await fronts.Topics(Fronts.Aws, ClosedFronts.Own).CreateTopicAsync(_topic);
        IQueueFront foreign = fronts.Queues(Fronts.Aws, ClosedFronts.Foreign, ClosedFronts.Own.Account);

        Assert.Equal(["forbidden"], await foreign.SendAsync(_queue, new FrontSend("1")));
        Assert.Equal("forbidden", (await foreign.ReceiveAsync(_queue)).Outcome);
        Assert.Equal("forbidden", await foreign.DeleteQueueAsync(_queue));
        Assert.Equal(["forbidden"], await fronts.Topics(Fronts.Aws, ClosedFronts.Foreign, ClosedFronts.Own.Account).PublishAsync(_topic, new FrontSend("1")));
        // Who may not ask is not told whether it is there.
        Assert.Equal(["forbidden"], await foreign.SendAsync("nobody", new FrontSend("1")));
        Assert.Equal("forbidden", await fronts.Rest(ClosedFronts.Own).OutcomeAsync(HttpMethod.Post, "/v1/reset"));
        Assert.Equal("forbidden", await new DefinitionService.DefinitionServiceClient(fronts.Grpc(ClosedFronts.Own)).ResetServerAsync(new ResetServerRequest()).OutcomeAsync());
    }
}

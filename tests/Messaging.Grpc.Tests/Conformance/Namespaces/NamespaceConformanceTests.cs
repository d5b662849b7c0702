using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Subscriptions;

namespace Messaging.Grpc.Tests.Conformance.Namespaces;

/// <summary>
/// Namespaces are apart and the same whoever asks: each scenario runs over every front, and over each with another one behind it. One is said by a header over REST, by metadata over gRPC, and is a region over AWS.
/// </summary>
public sealed class NamespaceConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private const string Space = "eu-west-1";

    private readonly string _queue = GrpcServer.NewName(), _topic = GrpcServer.NewName();

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_queue_is_another_one_in_another_namespace(string first, string second)
    {
        Assert.Equal("", await Queues(first).CreateQueueAsync(_queue, new QueueTerms()));
        Assert.Equal(["queueNotFound"], await Queues(second, Space).SendAsync(_queue, new FrontSend("nowhere")));
        Assert.Equal("", await Queues(second, Space).CreateQueueAsync(_queue, new QueueTerms()));
        Assert.Equal([""], await Queues(second).SendAsync(_queue, new FrontSend("here")));
        Assert.Equal([""], await Queues(first, Space).SendAsync(_queue, new FrontSend("there")));

        Assert.Equal(["here"], await BodiesAsync(Queues(first)));
        Assert.Equal(["there"], await BodiesAsync(Queues(second, Space)));
        Assert.Equal("", await Queues(second).DeleteQueueAsync(_queue));
        Assert.Empty(await Queues(first).ListQueuesAsync(_queue));
        Assert.Equal([_queue], await Queues(first, Space).ListQueuesAsync(_queue));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_receipt_of_one_namespace_is_none_of_another(string first, string second)
    {
        foreach (string? space in (string?[])[null, Space]) await Queues(first, space).CreateQueueAsync(_queue, new QueueTerms());
        await Queues(first, Space).SendAsync(_queue, new FrontSend("1"));
        // A handle of SQS is one of SQS: who receives settles. It has one word for whatever is wrong with it.
        string receipt = (await Queues(second, Space).ReceiveAsync(_queue)).Messages.Single().Receipt;

        Assert.Equal([second == Fronts.Aws ? "receiptInvalid" : "receiptOfAnotherQueue"], await Queues(second).AcknowledgeAsync(_queue, receipt));
        Assert.Equal([""], await Queues(second, Space).AcknowledgeAsync(_queue, receipt));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_is_published_goes_to_the_queue_of_its_namespace(string first, string second)
    {
        foreach (string? space in (string?[])[null, Space])
        {
            await Queues(first, space).CreateQueueAsync(_queue, new QueueTerms());
            Assert.Equal("", await Topics(first, space).CreateTopicAsync(_topic));
        }
        Assert.Equal("", await Topics(second, Space).SubscribeAsync(_topic, _queue, new SubscriptionTerms()));

        Assert.Equal([""], await Topics(first, Space).PublishAsync(_topic, new FrontSend("there")));
        Assert.Equal([""], await Topics(first).PublishAsync(_topic, new FrontSend("here")));

        Assert.Equal(["there"], await BodiesAsync(Queues(second, Space)));
        Assert.Empty(await BodiesAsync(Queues(second)));
        Assert.Equal([_topic], await Topics(second, Space).ListTopicsAsync(_topic));
        Assert.Empty((await Topics(second).ListAsync(_topic)).Subscriptions);
        Assert.Equal("", await Topics(second).DeleteTopicAsync(_topic));
        Assert.Equal([new FrontSubscription(_queue, new SubscriptionTerms())], (await Topics(first, Space).ListAsync(_topic)).Subscriptions);
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task What_is_no_name_of_a_namespace_is_refused_alike(string name)
    {
        foreach (string space in (string[])["", new string('n', 256), "a\tb"])
        {
            Assert.Equal("invalidName", await Queues(name, space).CreateQueueAsync(_queue, new QueueTerms()));
            Assert.Equal("invalidName", await Topics(name, space).CreateTopicAsync(_topic));
        }
        Assert.Empty(await Queues(name).ListQueuesAsync(_queue));
    }

    private IQueueFront Queues(string front, string? space = null) => front switch
    {
        Fronts.Rest => new RestQueueFront(Rest(space)),
        Fronts.Grpc => new GrpcQueueFront(Grpc(space)),
        _ => new SqsQueueFront(Aws(space)),
    };

    private ISubscriptionFront Topics(string front, string? space = null) => front switch
    {
        Fronts.Rest => new RestSubscriptionFront(Rest(space)),
        Fronts.Grpc => new GrpcSubscriptionFront(Grpc(space)),
        _ => new SnsSubscriptionFront(Aws(space)),
    };

    private RestCalls Rest(string? space) => space is null ? fronts.RestCalls : fronts.RestCalls.With("Messaging-Namespace", space);

    private global::Grpc.Core.CallInvoker Grpc(string? space) => space is null ? fronts.Server.Channel : fronts.Server.Channel.With("messaging-namespace", space);

    private AwsCalls Aws(string? space) => space is null ? fronts.AwsCalls : fronts.AwsCalls.As(new AwsCaller(space));

    private async Task<IEnumerable<string>> BodiesAsync(IQueueFront queues) => (await queues.ReceiveAsync(_queue)).Messages.Select(message => message.Body);
}

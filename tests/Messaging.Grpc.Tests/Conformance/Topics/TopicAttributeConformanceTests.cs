using System.Xml.Linq;
using Messaging.Grpc.Tests.Conformance.Subscriptions;

namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>The attributes that SNS has for topics are the same topic's definition over the other fronts: what is set by the one is told by the others, in their words.</summary>
public sealed class TopicAttributeConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private const string Archive = """{"MessageRetentionPeriod":"2"}""";

    private readonly Dictionary<string, ISharedTopicFront> _fronts = new() { [Fronts.Rest] = new RestSharedTopicFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcSharedTopicFront(fronts.Server.Channel) };

    private readonly Dictionary<string, ISubscriptionFront> _topics = new()
    {
        [Fronts.Rest] = new RestSubscriptionFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcSubscriptionFront(fronts.Server.Channel), [Fronts.Aws] = new SnsSubscriptionFront(fronts.AwsCalls),
    };

    private readonly string _topic = GrpcServer.NewName() + ".fifo";

    /// <summary>Who creates the topic, and who asks beside SNS.</summary>
    public static TheoryData<string, string> Ways => new()
    {
        { Fronts.Rest, Fronts.Grpc }, { Fronts.Grpc, Fronts.Rest }, { Fronts.Aws, Fronts.Rest }, { Fronts.Aws, Fronts.Grpc },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_SNS_sets_the_other_fronts_tell(string creating, string asking)
    {
        Assert.Equal("", await _topics[creating].CreateTopicAsync(_topic, isFifo: true));
        (string Name, string Value)[] set = [("DisplayName", "Orders"), ("TracingConfig", "Active"), ("ContentBasedDeduplication", "true"), ("FifoThroughputScope", "MessageGroup"), ("ArchivePolicy", Archive)];

        foreach ((string name, string value) in set) Assert.Equal("", await SetAsync(name, value));

        Dictionary<string, string> told = await GetAsync();
        Assert.Equal(set, set.Select(one => (one.Name, told[one.Name])));
        SharedTopic shared = await _fronts[asking].GetAsync(_topic);
        Assert.Equal((true, true, 172_800), (shared.IsContentBased, shared.IsWithinGroup, shared.RetentionSeconds));
        Assert.Equal(("Orders", "Active"), (shared.Annotations["DisplayName"], shared.Annotations["TracingConfig"]));
        Assert.Equal(("true", fronts.AwsCalls.TopicArn(_topic)), (told["FifoTopic"], told["TopicArn"]));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_another_front_changes_SNS_tells(string creating, string changing)
    {
        Assert.Equal("", await _topics[creating].CreateTopicAsync(_topic, isFifo: true));
        foreach ((string name, string value) in new[] { ("DisplayName", "Orders"), ("FifoThroughputScope", "Topic"), ("ArchivePolicy", Archive) }) Assert.Equal("", await SetAsync(name, value));

        Assert.Equal("", await _fronts[changing].PatchAsync(_topic, isContentBased: true, isWithinGroup: true, retentionSeconds: 259_201));
        Dictionary<string, string> told = await GetAsync();
        Assert.Equal(("true", "MessageGroup", """{"MessageRetentionPeriod":"4"}""", "Orders"), (told["ContentBasedDeduplication"], told["FifoThroughputScope"], told["ArchivePolicy"], told["DisplayName"]));

        Assert.Equal("", await _fronts[changing].PatchAsync(_topic, isContentBased: false, isWithinGroup: false, retentionSeconds: 0));
        told = await GetAsync();
        Assert.Equal(("false", "Topic", null, "Orders"), (told["ContentBasedDeduplication"], told["FifoThroughputScope"], told.GetValueOrDefault("ArchivePolicy"), told["DisplayName"]));
        Assert.Equal("", await SetAsync("DisplayName", ""));
        Assert.False((await _fronts[changing].GetAsync(_topic)).Annotations.ContainsKey("DisplayName"));
    }

    [Fact]
    public async Task What_can_t_be_set_changes_nothing()
    {
        Assert.Equal("", await _topics[Fronts.Rest].CreateTopicAsync(_topic));
        SharedTopic before = await _fronts[Fronts.Rest].GetAsync(_topic);

        // It is no FIFO topic, whatever its name says.
        foreach ((string name, string value) in new[] { ("ContentBasedDeduplication", "true"), ("ArchivePolicy", Archive), ("TracingConfig", "x"), ("TopicArn", "x"), ("None", "x"), ("DisplayName", new string('x', 101)) })
            Assert.StartsWith("InvalidParameter: ", await SetAsync(name, value), StringComparison.Ordinal);

        SharedTopic after = await _fronts[Fronts.Grpc].GetAsync(_topic);
        Assert.Equal((before.IsContentBased, before.RetentionSeconds, 0), (after.IsContentBased, after.RetentionSeconds, after.Annotations.Count));
        Assert.Equal("", await _topics[Fronts.Grpc].DeleteTopicAsync(_topic));
        Assert.StartsWith("NotFound: ", await SetAsync("DisplayName", "x"), StringComparison.Ordinal);
        Assert.StartsWith("NotFound: ", (await fronts.AwsCalls.SnsAsync("GetTopicAttributes", ("TopicArn", fronts.AwsCalls.TopicArn(_topic)))).Error, StringComparison.Ordinal);
    }

    private async Task<string> SetAsync(string name, string value) =>
        (await fronts.AwsCalls.SnsAsync("SetTopicAttributes", ("TopicArn", fronts.AwsCalls.TopicArn(_topic)), ("AttributeName", name), ("AttributeValue", value))).Error;

    private async Task<Dictionary<string, string>> GetAsync()
    {
        (string error, XElement answer) = await fronts.AwsCalls.SnsAsync("GetTopicAttributes", ("TopicArn", fronts.AwsCalls.TopicArn(_topic)));
        Assert.Equal("", error);
        return AwsCalls.Elements(answer, "entry").ToDictionary(entry => AwsCalls.TextOf(entry, "key")!, entry => AwsCalls.TextOf(entry, "value")!);
    }
}

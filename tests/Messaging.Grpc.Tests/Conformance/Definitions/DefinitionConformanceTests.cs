namespace Messaging.Grpc.Tests.Conformance.Definitions;

/// <summary>
/// Documents of definitions have the same outcomes whoever asks: each scenario runs over every front that has them, and over each with the other one behind it. All of them begin with an empty server.
/// </summary>
public sealed class DefinitionConformanceTests(Fronts fronts) : IClassFixture<Fronts>, IAsyncLifetime
{
    private static readonly FrontDocument Document = new(
        [new("default", "orders", 60), new("staging", "orders")], [new("default", "events", 3)], [new("default", "events", "to-orders", "orders")]);

    private readonly Dictionary<string, IDefinitionFront> _fronts = new() { [Fronts.Rest] = new RestDefinitionFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcDefinitionFront(fronts.Server) };

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc);

    public Task InitializeAsync() => _fronts[Fronts.Grpc].ResetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_document_is_told_as_it_was_applied_and_putting_it_back_changes_nothing(string first, string second)
    {
        FrontApplied applied = await _fronts[first].PutAsync(Document);
        FrontDocument told = (await _fronts[second].GetAsync()).Document;
        FrontApplied again = await _fronts[second].PutAsync(told);

        Assert.Empty(applied.Errors);
        Assert.Equal(
            [
                "created queue default//orders: leaseSeconds", "created queue staging//orders: ", "created topic default//events: partitions",
                "created subscription default/events/to-orders: target",
            ],
            applied.Changes);
        Assert.True(applied.IsApplied);
        Assert.Equal(Document.Queues, told.Queues);
        Assert.Equal(Document.Topics, told.Topics);
        Assert.Equal(Document.Subscriptions, told.Subscriptions);
        Assert.Equal((true, 0, 4), (again.IsApplied, again.Changes.Length, again.Unchanged));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_dry_run_tells_what_would_change_and_changes_nothing(string first, string second)
    {
        await _fronts[first].PutAsync(Document);

        FrontApplied told = await _fronts[second].PutAsync(new FrontDocument([new("default", "orders", 61)], [new("default", "new")], []), isDryRun: true);

        Assert.Equal(["changed queue default//orders: leaseSeconds", "created topic default//new: "], told.Changes);
        Assert.False(told.IsApplied);
        Assert.Equal(Document.Queues, (await _fronts[first].GetAsync()).Document.Queues);
        Assert.Equal(Document.Topics, (await _fronts[first].GetAsync()).Document.Topics);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_document_of_an_older_version_is_not_applied(string first, string second)
    {
        string version = (await _fronts[first].GetAsync()).Version;
        await _fronts[second].PutAsync(Document);
        var more = new FrontDocument([new("default", "new")], [], []);

        Assert.Equal(["preconditionFailed "], (await _fronts[first].PutAsync(more, version: version)).Errors);
        Assert.Equal(["created queue default//new: "], (await _fronts[first].PutAsync(more, version: (await _fronts[first].GetAsync()).Version)).Changes);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_reset_leaves_nothing_for_anybody(string first, string second)
    {
        await _fronts[first].PutAsync(Document);

        Assert.Equal((2, 1, 1), await _fronts[second].ResetAsync());
        FrontDocument left = (await _fronts[first].GetAsync()).Document;
        Assert.Equal((0, 0, 0), (left.Queues.Length, left.Topics.Length, left.Subscriptions.Length));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task All_that_is_wrong_is_told_alike_and_nothing_is_applied(string name)
    {
        var document = new FrontDocument(
            [new("default", "good"), new("\n", "n"), new("default", ""), new("default", "long", 43_201), new("default", "good")], [new("default", "many", 10_001)],
            [new("default", "nobody", "s", "good"), new("default", "", "s", "good")]);

        FrontApplied refused = await _fronts[name].PutAsync(document);

        Assert.Equal(
            [
                "invalidName queues[1].namespace", "invalidName queues[2].name", "invalidValue queues[3].leaseSeconds", "invalidValue queues[4].name", "invalidValue topics[0].partitions",
                "topicNotFound subscriptions[0].topic", "invalidName subscriptions[1].topic",
            ],
            refused.Errors);
        Assert.Empty((await _fronts[name].GetAsync()).Document.Queues);
    }
}

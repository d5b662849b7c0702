using Messaging.AwsClients.Tests.Scripts;
using Messaging.TestKit;
using Xunit.Abstractions;

namespace Messaging.AwsClients.Tests;

/// <summary>The AWS SDK for JavaScript, which speaks AWS JSON, against the server: one fact for each file in node/, with many cases each.</summary>
public sealed class NodeTests(NodeTests.Suite suite, ITestOutputHelper output) : IClassFixture<NodeTests.Suite>
{
    [RequiresFact("aws-sdk")]
    public Task Queues_and_attributes() => suite.AssertPassedAsync("queues.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Messages() => suite.AssertPassedAsync("messages.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Long_polls_and_visibility() => suite.AssertPassedAsync("visibility.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Fifo_queues() => suite.AssertPassedAsync("fifo.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Fair_queues() => suite.AssertPassedAsync("fair.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Batches() => suite.AssertPassedAsync("batches.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Dead_letters_and_move_tasks() => suite.AssertPassedAsync("dead_letters.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Tags_permissions_and_lists() => suite.AssertPassedAsync("tags_permissions_lists.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Errors_and_limits() => suite.AssertPassedAsync("errors.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Caller_identity() => suite.AssertPassedAsync("identity.mjs", output);

    [RequiresFact("aws-sdk")]
    public Task Topics_and_subscriptions() => suite.AssertPassedAsync("sns.mjs", output);

    /// <summary>One open server for all of them.</summary>
    public sealed class Suite() : ScriptSuite("aws-sdk")
    {
        private protected override IEnumerable<ClientScript> Scripts() =>
            // The longest first: the suite takes as long as what ends last.
            from name in (string[])["dead_letters", "visibility", "fifo", "messages", "fair", "errors", "batches", "queues", "tags_permissions_lists", "identity", "sns"]
            select ClientScript.Node($"{name}.mjs");
    }
}

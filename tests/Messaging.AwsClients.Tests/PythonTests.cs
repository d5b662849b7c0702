using Messaging.AwsClients.Tests.Scripts;
using Messaging.TestKit;
using Xunit.Abstractions;

namespace Messaging.AwsClients.Tests;

/// <summary>
/// boto3 against the server: one fact for each file in python/, with many cases each. The one of Debian 12 speaks the Query protocol, newer ones AWS JSON;
/// the scripts hold for both.
/// </summary>
public sealed class PythonTests(PythonTests.Suite suite, ITestOutputHelper output) : IClassFixture<PythonTests.Suite>
{
    [RequiresFact("boto3")]
    public Task Queues_and_attributes() => suite.AssertPassedAsync("queues.py", output);

    [RequiresFact("boto3")]
    public Task Messages() => suite.AssertPassedAsync("messages.py", output);

    [RequiresFact("boto3")]
    public Task Message_attributes() => suite.AssertPassedAsync("message_attributes.py", output);

    [RequiresFact("boto3")]
    public Task Long_polls() => suite.AssertPassedAsync("long_polls.py", output);

    [RequiresFact("boto3")]
    public Task Fifo_queues() => suite.AssertPassedAsync("fifo.py", output);

    [RequiresFact("boto3")]
    public Task Batches() => suite.AssertPassedAsync("batches.py", output);

    [RequiresFact("boto3")]
    public Task Dead_letters() => suite.AssertPassedAsync("dead_letters.py", output);

    [RequiresFact("boto3")]
    public Task Visibility() => suite.AssertPassedAsync("visibility.py", output);

    [RequiresFact("boto3")]
    public Task Tags() => suite.AssertPassedAsync("tags.py", output);

    [RequiresFact("boto3")]
    public Task Permissions_and_policies() => suite.AssertPassedAsync("permissions.py", output);

    [RequiresFact("boto3")]
    public Task Lists_and_pages() => suite.AssertPassedAsync("lists.py", output);

    [RequiresFact("boto3")]
    public Task Errors_and_limits() => suite.AssertPassedAsync("errors.py", output);

    [RequiresFact("boto3")]
    public Task Presigned_requests() => suite.AssertPassedAsync("presigned.py", output);

    [RequiresFact("boto3")]
    public Task Infrastructure_without_drift() => suite.AssertPassedAsync("drift.py", output);

    [RequiresFact("boto3")]
    public Task Topics() => suite.AssertPassedAsync("sns_topics.py", output);

    [RequiresFact("boto3")]
    public Task Subscriptions() => suite.AssertPassedAsync("sns_subscriptions.py", output);

    [RequiresFact("boto3")]
    public Task Messages_to_topics() => suite.AssertPassedAsync("sns_publish.py", output);

    [RequiresFact("boto3")]
    public Task Endpoints_of_http() => suite.AssertPassedAsync("sns_endpoints.py", output);

    [RequiresFact("boto3")]
    public Task Fifo_topics_and_other_endpoints() => suite.AssertPassedAsync("sns_fifo.py", output);

    [RequiresFact("boto3")]
    public Task Mobile_push_text_messages_and_data_protection() => suite.AssertPassedAsync("sns_mobile.py", output);

    /// <summary>One open server for all of them.</summary>
    public sealed class Suite() : ScriptSuite("boto3")
    {
        private protected override IEnumerable<ClientScript> Scripts() =>
            // The longest first: the suite takes as long as what ends last.
            from name in (string[])["dead_letters", "visibility", "fifo", "long_polls", "messages", "message_attributes", "queues", "errors",
                "batches", "tags", "permissions", "lists", "presigned", "drift", "sns_subscriptions", "sns_publish", "sns_endpoints", "sns_fifo", "sns_mobile", "sns_topics"]
            select ClientScript.Python($"{name}.py");
    }
}

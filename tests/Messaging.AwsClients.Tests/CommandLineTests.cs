using System.Text.Json.Nodes;
using Messaging.AwsClients.Tests.Scripts;
using Messaging.TestKit;
using Messaging.TestKit.Processes;

namespace Messaging.AwsClients.Tests;

/// <summary>Amazon's command line, as an operator types it; Debian's speaks the Query protocol.</summary>
public sealed class CommandLineTests(CommandLineTests.Server server) : IClassFixture<CommandLineTests.Server>
{
    // AWS CLI User Guide, "Return codes": the service answered with an error, as version 2 and as version 1 say it.
    private static readonly int[] RefusedByTheService = [254, 255];

    [RequiresFact("aws")]
    public async Task A_message_goes_through_a_queue()
    {
        string url = (await server.JsonAsync("sqs", "create-queue", "--queue-name", "line", "--attributes", "VisibilityTimeout=60", "--tags", "team=a"))!["QueueUrl"]!.GetValue<string>();
        JsonNode? sent = await server.JsonAsync("sqs", "send-message", "--queue-url", url, "--message-body", "hello & you",
            "--message-attributes", """{"n":{"DataType":"Number","StringValue":"1"}}""");
        JsonNode message = (await server.JsonAsync(
            "sqs", "receive-message", "--queue-url", url, "--attribute-names", "All", "--message-attribute-names", "All", "--wait-time-seconds", "5"))!["Messages"]![0]!;

        Assert.Equal(sent!["MessageId"]!.GetValue<string>(), message["MessageId"]!.GetValue<string>());
        Assert.Equal(("hello & you", "1"), (message["Body"]!.GetValue<string>(), message["MessageAttributes"]!["n"]!["StringValue"]!.GetValue<string>()));

        await server.JsonAsync("sqs", "delete-message", "--queue-url", url, "--receipt-handle", message["ReceiptHandle"]!.GetValue<string>());
        JsonNode attributes = (await server.JsonAsync("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All"))!["Attributes"]!;
        Assert.Equal(("60", "0", "0"), (attributes["VisibilityTimeout"]!.GetValue<string>(), attributes["ApproximateNumberOfMessages"]!.GetValue<string>(),
            attributes["ApproximateNumberOfMessagesNotVisible"]!.GetValue<string>()));
    }

    [RequiresFact("aws")]
    public async Task A_queue_is_found_purged_and_deleted()
    {
        string url = (await server.JsonAsync("sqs", "create-queue", "--queue-name", "found.fifo", "--attributes", "FifoQueue=true"))!["QueueUrl"]!.GetValue<string>();

        Assert.Equal(url, (await server.JsonAsync("sqs", "get-queue-url", "--queue-name", "found.fifo"))!["QueueUrl"]!.GetValue<string>());
        Assert.Equal(url, (await server.JsonAsync("sqs", "list-queues", "--queue-name-prefix", "found"))!["QueueUrls"]![0]!.GetValue<string>());
        await server.JsonAsync("sqs", "purge-queue", "--queue-url", url);
        await server.JsonAsync("sqs", "delete-queue", "--queue-url", url);
        ScriptOutcome gone = await server.RunAsync("sqs", "get-queue-url", "--queue-name", "found.fifo");

        Assert.Contains(gone.ExitCode, RefusedByTheService);
        Assert.Contains("AWS.SimpleQueueService.NonExistentQueue", gone.Output, StringComparison.Ordinal);
    }

    [RequiresFact("aws")]
    public async Task A_message_goes_through_a_topic_to_a_queue()
    {
        string url = (await server.JsonAsync("sqs", "create-queue", "--queue-name", "subscriber"))!["QueueUrl"]!.GetValue<string>();
        string queue = (await server.JsonAsync("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn"))!["Attributes"]!["QueueArn"]!.GetValue<string>();
        string topic = (await server.JsonAsync("sns", "create-topic", "--name", "line", "--attributes", "DisplayName=Line", "--tags", "Key=team,Value=a"))!["TopicArn"]!.GetValue<string>();
        string subscription = (await server.JsonAsync(
            "sns", "subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", queue, "--attributes", "RawMessageDelivery=true"))!["SubscriptionArn"]!.GetValue<string>();
        await server.JsonAsync("sns", "publish", "--topic-arn", topic, "--message", "hello & you");
        JsonNode message = (await server.JsonAsync("sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "5"))!["Messages"]![0]!;
        JsonNode listed = (await server.JsonAsync("sns", "list-subscriptions-by-topic", "--topic-arn", topic))!["Subscriptions"]![0]!;

        Assert.Equal(("hello & you", subscription), (message["Body"]!.GetValue<string>(), listed["SubscriptionArn"]!.GetValue<string>()));

        await server.JsonAsync("sns", "unsubscribe", "--subscription-arn", subscription);
        await server.JsonAsync("sns", "delete-topic", "--topic-arn", topic);
        ScriptOutcome gone = await server.RunAsync("sns", "get-topic-attributes", "--topic-arn", topic);

        Assert.Contains(gone.ExitCode, RefusedByTheService);
        Assert.Contains("NotFound", gone.Output, StringComparison.Ordinal);
    }

    [RequiresFact("aws")]
    public async Task The_caller_has_an_identity() =>
        Assert.Matches(@"^\d{12}$", (await server.JsonAsync("sts", "get-caller-identity"))!["Account"]!.GetValue<string>());

    /// <summary>An open server, and calls of the command line to it.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private SqsServer? _server;

        public async Task InitializeAsync()
        {
            if (Requirement.WhyNot("aws") is null) _server = await SqsServer.StartOpenAsync();
        }

        public async Task DisposeAsync()
        {
            if (_server is not null) await _server.DisposeAsync();
        }

        /// <summary>What a call that succeeds prints; null where it prints nothing.</summary>
        internal async Task<JsonNode?> JsonAsync(params string[] words)
        {
            ScriptOutcome outcome = await RunAsync(words);
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
            return string.IsNullOrWhiteSpace(outcome.Output) ? null : JsonNode.Parse(outcome.Output);
        }

        internal Task<ScriptOutcome> RunAsync(params string[] words) =>
            ClientProgram.RunAsync(string.Join(' ', words[..2]), ClientPrograms.CommandLine!, ClientEnvironment.Of(_server!),
                ["--output", "json", "--endpoint-url", _server!.Endpoint.ToString(), .. words]);
    }
}

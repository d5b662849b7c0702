using System.Text.Json.Nodes;
using System.Xml.Linq;
using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>Subscriptions over the Query protocol, as the SDKs of Amazon SNS speak it; its errors by the broker's codes that they stand for.</summary>
internal sealed class SnsSubscriptionFront(AwsCalls aws) : ISubscriptionFront
{
    // SNS has few names for all that can be wrong, and tells it by the sentence behind.
    private static readonly (string Part, string Code)[] Codes =
    [
        ("NotFound: Topic", "topicNotFound"), ("The queue does not exist", "queueNotFound"), ("RedrivePolicy: There is no queue", "queueNotFound"), ("Subscription already exists with different attributes", "targetInUse"),
        ("FilterPolicy: ", "invalidValue"), ("FIFO SQS Queues can not be subscribed to standard SNS topics", "invalidValue"), ("ReplayPolicy: ", "invalidValue"), ("Invalid parameter: Token", "invalidValue"),
        ("Invalid parameter: Endpoint", "invalidValue"), ("This is no URL", "invalidValue"),
        ("MissingAuthenticationToken: ", "unauthorized"), ("InvalidClientTokenId: ", "unauthorized"), ("SignatureDoesNotMatch: ", "unauthorized"), ("AuthorizationError: ", "forbidden"),
    ];

    public async Task<string> CreateTopicAsync(string name, bool isFifo = false) =>
        await OutcomeAsync("CreateTopic", [("Name", name), .. Entries("Attributes", isFifo ? [("FifoTopic", "true")] : [])]);

    public Task<string> DeleteTopicAsync(string name) => OutcomeAsync("DeleteTopic", [("TopicArn", aws.TopicArn(name))]);

    public async Task<string[]> ListTopicsAsync(string prefix)
    {
        var names = new List<string>();
        string? next = "";
        do
        {
            (_, XElement answer) = await aws.SnsAsync("ListTopics", ("NextToken", next));
            names.AddRange(AwsCalls.Elements(answer, "TopicArn").Select(arn => NameOf(arn.Value)).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)));
            next = AwsCalls.TextOf(answer, "NextToken");
        }
        while (next is not null);
        return [.. names];
    }

    public async Task<string[]> PublishAsync(string topic, params FrontSend[] messages)
    {
        (string error, XElement answer) = await aws.SnsAsync("PublishBatch", [("TopicArn", aws.TopicArn(topic)), .. messages.SelectMany(Entry)]);
        if (error.Length > 0) return [CodeOf(error)];
        string[] outcomes = [.. messages.Select(_ => "")];
        foreach (XElement failed in AwsCalls.Elements(answer, "Failed").Single().Elements())
            outcomes[int.Parse(AwsCalls.TextOf(failed, "Id")!)] = CodeOf($"{AwsCalls.TextOf(failed, "Code")}: {AwsCalls.TextOf(failed, "Message")}");
        return outcomes;
    }

    public Task<string> SubscribeAsync(string topic, string queue, SubscriptionTerms terms)
    {
        List<(string Name, string Value)> attributes = [("RawMessageDelivery", terms.IsRaw ? "true" : "false")];
        if (terms.Filter is { } filter) attributes.AddRange([("FilterPolicyScope", ScopeOf(filter)), ("FilterPolicy", filter.Policy)]);
        if (terms.DeadLetter is { } dead) attributes.Add(("RedrivePolicy", $$"""{"deadLetterTargetArn":"{{aws.QueueArn(dead)}}"}"""));
        return OutcomeAsync("Subscribe", [("TopicArn", aws.TopicArn(topic)), ("Protocol", "sqs"), ("Endpoint", aws.QueueArn(queue)), .. Entries("Attributes", attributes)]);
    }

    public async Task<string> FilterAsync(string topic, string queue, FrontFilter filter)
    {
        string arn = await FindAsync(topic, queue);
        string scoped = await OutcomeAsync("SetSubscriptionAttributes", [("SubscriptionArn", arn), ("AttributeName", "FilterPolicyScope"), ("AttributeValue", ScopeOf(filter))]);
        return scoped.Length > 0 ? scoped : await OutcomeAsync("SetSubscriptionAttributes", [("SubscriptionArn", arn), ("AttributeName", "FilterPolicy"), ("AttributeValue", filter.Policy)]);
    }

    public async Task<string> UnsubscribeAsync(string topic, string target) => await OutcomeAsync("Unsubscribe", [("SubscriptionArn", await FindAsync(topic, target))]);

    public async Task<(string Outcome, FrontSubscription[] Subscriptions)> ListAsync(string topic)
    {
        (string error, XElement answer) = await aws.SnsAsync("ListSubscriptionsByTopic", ("TopicArn", aws.TopicArn(topic)));
        if (error.Length > 0) return (CodeOf(error), []);
        var listed = new List<FrontSubscription>();
        foreach (XElement member in AwsCalls.Elements(answer, "member")) listed.Add(await DescribeAsync(AwsCalls.TextOf(member, "SubscriptionArn")!));
        return ("", [.. listed]);
    }

    public Task<string> SubscribeEndpointAsync(string topic, string url) =>
        OutcomeAsync("Subscribe", [("TopicArn", aws.TopicArn(topic)), ("Protocol", "http"), ("Endpoint", url), ("ReturnSubscriptionArn", "true")]);

    public Task<string> ConfirmAsync(string topic, string url, string token) => OutcomeAsync("ConfirmSubscription", [("TopicArn", aws.TopicArn(topic)), ("Token", token)]);

    // In the place of its ARN.
    public async Task<bool> IsPendingAsync(string topic, string url) => await FindAsync(topic, url) == "PendingConfirmation";

    public Task<string> ReplayAsync(string topic, string queue, DateTimeOffset from, DateTimeOffset? to)
    {
        var policy = new JsonObject { ["PointType"] = "Timestamp", ["StartingPoint"] = from.ToString("O") };
        if (to is { } end) policy["EndingPoint"] = end.ToString("O");
        return SetReplayAsync(topic, queue, policy.ToJsonString());
    }

    public async Task<string?> ReplayStatusAsync(string topic, string queue) =>
        (await AttributesAsync(await FindAsync(topic, queue))).GetValueOrDefault("ReplayStatus") switch { "In progress" => "inProgress", var status => status?.ToLowerInvariant() };

    public Task<string> EndReplayAsync(string topic, string queue) => SetReplayAsync(topic, queue, "");

    private async Task<string> SetReplayAsync(string topic, string queue, string policy) =>
        await OutcomeAsync("SetSubscriptionAttributes", [("SubscriptionArn", await FindAsync(topic, queue)), ("AttributeName", "ReplayPolicy"), ("AttributeValue", policy)]);

    private async Task<FrontSubscription> DescribeAsync(string arn)
    {
        Dictionary<string, string> attributes = await AttributesAsync(arn);
        FrontFilter? filter = attributes.TryGetValue("FilterPolicy", out string? policy) ? new FrontFilter(attributes["FilterPolicyScope"] == "MessageBody", policy) : null;
        string? dead = attributes.TryGetValue("RedrivePolicy", out string? redrive) ? NameOf(JsonNode.Parse(redrive)!["deadLetterTargetArn"]!.GetValue<string>()) : null;
        return new FrontSubscription(NameOf(attributes["Endpoint"]), new SubscriptionTerms(attributes["RawMessageDelivery"] == "true", filter, dead));
    }

    private async Task<Dictionary<string, string>> AttributesAsync(string arn)
    {
        (_, XElement answer) = await aws.SnsAsync("GetSubscriptionAttributes", ("SubscriptionArn", arn));
        return AwsCalls.Elements(answer, "entry").ToDictionary(entry => AwsCalls.TextOf(entry, "key")!, entry => AwsCalls.TextOf(entry, "value")!);
    }

    private async Task<string> FindAsync(string topic, string target)
    {
        (_, XElement answer) = await aws.SnsAsync("ListSubscriptionsByTopic", ("TopicArn", aws.TopicArn(topic)));
        return AwsCalls.TextOf(AwsCalls.Elements(answer, "member").Single(member => AwsCalls.TextOf(member, "Endpoint") is { } endpoint && (endpoint == target || endpoint == aws.QueueArn(target))), "SubscriptionArn")!;
    }

    private async Task<string> OutcomeAsync(string action, IEnumerable<(string Name, string Value)> members) => CodeOf((await aws.SnsAsync(action, members)).Error);

    private static IEnumerable<(string Name, string Value)> Entry(FrontSend message, int index)
    {
        string entry = $"PublishBatchRequestEntries.member.{index + 1}.";
        yield return (entry + "Id", $"{index}");
        yield return (entry + "Message", message.Body);
        if (message.Group is { } group) yield return (entry + "MessageGroupId", group);
        if (message.DeduplicationId is { } id) yield return (entry + "MessageDeduplicationId", id);
        int attributes = 0;
        foreach ((string name, string type, string? value) in new[] { ("n", "Number", message.Number), ("kind", "String", message.Kind) })
        {
            if (value is null) continue;
            string attribute = $"{entry}MessageAttributes.entry.{++attributes}.";
            yield return (attribute + "Name", name);
            yield return (attribute + "Value.DataType", type);
            yield return (attribute + "Value.StringValue", value);
        }
    }

    private static IEnumerable<(string Name, string Value)> Entries(string map, IEnumerable<(string Name, string Value)> entries) => entries.SelectMany(
        (entry, index) => new[] { ($"{map}.entry.{index + 1}.key", entry.Name), ($"{map}.entry.{index + 1}.value", entry.Value) });

    private static string ScopeOf(FrontFilter filter) => filter.IsOfBody ? "MessageBody" : "MessageAttributes";

    private static string NameOf(string arn) => arn.Split(':')[^1];

    // What no scenario means shows itself.
    private static string CodeOf(string error) => Codes.FirstOrDefault(code => error.Contains(code.Part, StringComparison.Ordinal)).Code ?? error;
}

using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>Queues over AWS JSON, as the SDKs of Amazon SQS speak it; its errors by the broker's codes that they stand for.</summary>
internal sealed class SqsQueueFront(AwsCalls aws) : IQueueFront
{
    // SQS has one word for several codes of the broker: the one that scenarios mean.
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["QueueDoesNotExist"] = "queueNotFound",
        ["AWS.SimpleQueueService.NonExistentQueue"] = "queueNotFound",
        ["InvalidParameterValue"] = "messageTooLarge",
        ["ReceiptHandleIsInvalid"] = "receiptInvalid",
        ["MissingParameter"] = "invalidValue",
        ["MessageNotInflight"] = "notLeased",
        ["MissingAuthenticationTokenException"] = "unauthorized",
        ["UnrecognizedClientException"] = "unauthorized",
        ["InvalidSignatureException"] = "unauthorized",
        ["AccessDeniedException"] = "forbidden",
    };

    public async Task<string> CreateQueueAsync(string name, QueueTerms terms)
    {
        var attributes = new JsonObject();
        if (terms.IsFifo) attributes["FifoQueue"] = "true";
        if (terms.DelaySeconds is { } delay) attributes["DelaySeconds"] = $"{delay}";
        if (terms.MaxMessageBytes is { } bytes) attributes["MaximumMessageSize"] = $"{bytes}";
        if (terms.DeadLetter is { } dead) attributes["RedrivePolicy"] = $$"""{"deadLetterTargetArn":"{{aws.QueueArn(dead.Queue)}}","maxReceiveCount":{{dead.MaxReceives}}}""";
        if (terms.IsDeduplicatedByContent) attributes["ContentBasedDeduplication"] = "true";
        return (await CallAsync("CreateQueue", new JsonObject { ["QueueName"] = name, ["Attributes"] = attributes })).Outcome;
    }

    public async Task<string> DeleteQueueAsync(string name) => (await CallAsync("DeleteQueue", Of(name))).Outcome;

    public async Task<string> PurgeQueueAsync(string name) => (await CallAsync("PurgeQueue", Of(name))).Outcome;

    public async Task<string[]> ListQueuesAsync(string prefix) =>
        [.. ((await CallAsync("ListQueues", new JsonObject { ["QueueNamePrefix"] = prefix })).Json!["QueueUrls"]?.AsArray() ?? []).Select(url => url!.GetValue<string>().Split('/')[^1])];

    public async Task<string[]> SendAsync(string queue, params FrontSend[] messages)
    {
        var entries = new JsonArray();
        for (int index = 0; index < messages.Length; index++)
        {
            var entry = new JsonObject { ["Id"] = $"{index}", ["MessageBody"] = messages[index].Body };
            if (messages[index].Group is { } group) entry["MessageGroupId"] = group;
            if (messages[index].DeduplicationId is { } id) entry["MessageDeduplicationId"] = id;
            if (messages[index].DelaySeconds is { } delay) entry["DelaySeconds"] = delay;
            var attributes = new JsonObject();
            if (messages[index].Number is { } number) attributes["n"] = new JsonObject { ["DataType"] = "Number", ["StringValue"] = number };
            if (messages[index].Kind is { } kind) attributes["kind"] = new JsonObject { ["DataType"] = "String", ["StringValue"] = kind };
            entry["MessageAttributes"] = attributes;
            entries.Add((JsonNode)entry);
        }

        JsonObject request = Of(queue);
        request["Entries"] = entries;
        return Outcomes(await CallAsync("SendMessageBatch", request), messages.Length);
    }

    public async Task<(string Outcome, FrontDelivery[] Messages)> ReceiveAsync(string queue, int leaseSeconds = 30)
    {
        JsonObject request = Of(queue);
        (request["MaxNumberOfMessages"], request["VisibilityTimeout"], request["WaitTimeSeconds"]) = (10, leaseSeconds, 0);
        (request["MessageAttributeNames"], request["MessageSystemAttributeNames"]) = (new JsonArray("All"), new JsonArray("All"));
        (string outcome, JsonNode? json) = await CallAsync("ReceiveMessage", request);
        return (outcome, [.. (json?["Messages"]?.AsArray() ?? []).Select(message => new FrontDelivery(
            message!["MessageId"]!.GetValue<string>(), message["Body"]!.GetValue<string>(), message["Attributes"]!["MessageGroupId"]?.GetValue<string>(),
            int.Parse(message["Attributes"]!["ApproximateReceiveCount"]!.GetValue<string>()), message["MessageAttributes"]?["n"]?["StringValue"]?.GetValue<string>(),
            message["MessageAttributes"]?["kind"]?["StringValue"]?.GetValue<string>(), message["ReceiptHandle"]!.GetValue<string>()))]);
    }

    public async Task<string[]> AcknowledgeAsync(string queue, params string[] receipts)
    {
        JsonObject request = Of(queue);
        request["Entries"] = new JsonArray([.. receipts.Select((receipt, index) => new JsonObject { ["Id"] = $"{index}", ["ReceiptHandle"] = receipt })]);
        return Outcomes(await CallAsync("DeleteMessageBatch", request), receipts.Length);
    }

    public async Task<string> ExtendAsync(string queue, string receipt, int seconds)
    {
        JsonObject request = Of(queue);
        (request["ReceiptHandle"], request["VisibilityTimeout"]) = (receipt, seconds);
        return (await CallAsync("ChangeMessageVisibility", request)).Outcome;
    }

    private JsonObject Of(string queue) => new() { ["QueueUrl"] = aws.QueueUrl(queue) };

    private static string[] Outcomes((string Outcome, JsonNode? Json) answer, int count)
    {
        if (answer.Outcome.Length > 0) return [answer.Outcome];
        string[] outcomes = [.. Enumerable.Repeat("", count)];
        foreach (JsonNode? failed in answer.Json!["Failed"]?.AsArray() ?? []) outcomes[int.Parse(failed!["Id"]!.GetValue<string>())] = CodeOf(failed["Code"]!.GetValue<string>());
        return outcomes;
    }

    private async Task<(string Outcome, JsonNode? Json)> CallAsync(string operation, JsonObject body)
    {
        (string error, JsonNode? json) = await aws.SqsAsync(operation, body);
        return (CodeOf(error), json);
    }

    // What no scenario means shows itself.
    private static string CodeOf(string name) => Codes.GetValueOrDefault(name, name);
}

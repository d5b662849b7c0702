using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Messaging.Grpc.Tests.Conformance.Pages;

/// <summary>Lists over AWS: those of SQS have pages of one entry, those of SNS of 100. Either service has one word for a token that it does not take.</summary>
internal sealed class AwsPagedFront(AwsCalls aws, string queue) : IPagedFront
{
    public string[] Lists => ["queues", "deadLetterSources", "topics", "allSubscriptions", "platformApplications"];

    public Task<(string Outcome, string? Next)> PageAsync(string list, string? token) => list switch
    {
        "queues" => SqsAsync("ListQueues", [], token),
        "deadLetterSources" => SqsAsync("ListDeadLetterSourceQueues", new JsonObject { ["QueueUrl"] = aws.QueueUrl(queue) }, token),
        "topics" => SnsAsync("ListTopics", token),
        "allSubscriptions" => SnsAsync("ListSubscriptions", token),
        "platformApplications" => SnsAsync("ListPlatformApplications", token),
        _ => throw new ArgumentOutOfRangeException(nameof(list)),
    };

    private async Task<(string Outcome, string? Next)> SqsAsync(string operation, JsonObject body, string? token)
    {
        body["MaxResults"] = 1;
        if (token is not null) body["NextToken"] = token;
        (string error, JsonNode? json) = await aws.SqsAsync(operation, body);
        return (error == "InvalidParameterValueException" ? "invalidValue" : error, json?["NextToken"]?.GetValue<string>());
    }

    private async Task<(string Outcome, string? Next)> SnsAsync(string action, string? token)
    {
        (string error, XElement answer) = await aws.SnsAsync(action, token is null ? [] : [("NextToken", token)]);
        return (error.StartsWith("InvalidParameter: ", StringComparison.Ordinal) ? "invalidValue" : error, AwsCalls.TextOf(answer, "NextToken"));
    }
}

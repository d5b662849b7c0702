using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance.Operations;

/// <summary>Redrives over AWS JSON, which are message move tasks there; its errors by the broker's codes that they stand for.</summary>
internal sealed class SqsRedriveFront(AwsCalls aws) : IRedriveFront
{
    // SQS has one word for several codes of the broker: the one that scenarios mean.
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal) { ["InvalidParameterValueException"] = "redriveRunning", ["ResourceNotFoundException"] = "queueNotFound" };

    public async Task<string> RedriveAsync(string queue, string? destination = null, int? perSecond = null)
    {
        var body = new JsonObject { ["SourceArn"] = aws.QueueArn(queue) };
        if (destination is not null) body["DestinationArn"] = aws.QueueArn(destination);
        if (perSecond is not null) body["MaxNumberOfMessagesPerSecond"] = perSecond;
        return await OutcomeAsync("StartMessageMoveTask", body);
    }

    public async Task<FrontRedrive?> FindAsync(string queue) => await LatestAsync(queue) is not { } latest ? null : new FrontRedrive(
        latest["Status"]!.GetValue<string>().ToLowerInvariant(), latest["DestinationArn"]?.GetValue<string>().Split(':')[^1], latest["MaxNumberOfMessagesPerSecond"]?.GetValue<int>(),
        latest["ApproximateNumberOfMessagesMoved"]!.GetValue<long>());

    public async Task<string> CancelAsync(string queue) => await OutcomeAsync("CancelMessageMoveTask", new JsonObject { ["TaskHandle"] = (await LatestAsync(queue))!["TaskHandle"]!.GetValue<string>() });

    private async Task<JsonNode?> LatestAsync(string queue) =>
        (await aws.SqsAsync("ListMessageMoveTasks", new JsonObject { ["SourceArn"] = aws.QueueArn(queue) })).Json!["Results"]?.AsArray().FirstOrDefault();

    // What no scenario means shows itself.
    private async Task<string> OutcomeAsync(string operation, JsonObject body)
    {
        string error = (await aws.SqsAsync(operation, body)).Error;
        return Codes.GetValueOrDefault(error, error);
    }
}

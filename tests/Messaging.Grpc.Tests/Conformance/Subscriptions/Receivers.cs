using System.Xml.Linq;
using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>Each way to receive up to ten messages of a queue, under a lease of so many seconds: a column of the table of fronts.</summary>
internal sealed class Receivers(Fronts fronts)
{
    /// <summary>All of them.</summary>
    public static readonly string[] Names = [Fronts.Rest, Fronts.Grpc, Fronts.Aws, "AWS, Query"];

    public async Task<FrontDelivery[]> ReceiveAsync(string name, string queue, int leaseSeconds) => name switch
    {
        Fronts.Rest => (await new RestQueueFront(fronts.RestCalls).ReceiveAsync(queue, leaseSeconds)).Messages,
        Fronts.Grpc => (await new GrpcQueueFront(fronts.Server.Channel).ReceiveAsync(queue, leaseSeconds)).Messages,
        Fronts.Aws => (await new SqsQueueFront(fronts.AwsCalls).ReceiveAsync(queue, leaseSeconds)).Messages,
        "AWS, Query" => await ReceiveByQueryAsync(queue, leaseSeconds),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private async Task<FrontDelivery[]> ReceiveByQueryAsync(string queue, int leaseSeconds)
    {
        (string error, XElement answer) = await fronts.AwsCalls.SqsQueryAsync(queue, "ReceiveMessage", ("MaxNumberOfMessages", "10"), ("VisibilityTimeout", $"{leaseSeconds}"),
            ("MessageAttributeName.1", "All"), ("MessageSystemAttributeName.1", "All"));
        Assert.Equal("", error);
        return [.. AwsCalls.Elements(answer, "Message").Select(message => new FrontDelivery(
            AwsCalls.TextOf(message, "MessageId")!, AwsCalls.TextOf(message, "Body")!, Entry(message, "Attribute", "MessageGroupId"), int.Parse(Entry(message, "Attribute", "ApproximateReceiveCount")!),
            Entry(message, "MessageAttribute", "n", "StringValue"), Entry(message, "MessageAttribute", "kind", "StringValue"), AwsCalls.TextOf(message, "ReceiptHandle")!))];
    }

    private static string? Entry(XElement message, string map, string name, string value = "Value") =>
        AwsCalls.Elements(message, map).SingleOrDefault(entry => AwsCalls.TextOf(entry, "Name") == name) is { } entry ? AwsCalls.TextOf(entry, value) : null;
}

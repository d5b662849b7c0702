using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>What of gRPC's messages several fronts of the suite write and read.</summary>
internal static class GrpcShapes
{
    /// <summary>A subscription's target that is a queue.</summary>
    public static SubscriptionTarget ToQueue(string queue) => new() { Queue = new QueueTarget { Name = queue } };

    /// <summary>The name of the queue that a target is, or the URL of the endpoint.</summary>
    public static string TextOf(SubscriptionTarget target) => target.Queue?.Name ?? target.Http.Url;
}

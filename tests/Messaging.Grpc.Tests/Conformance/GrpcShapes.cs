using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>What of gRPC's messages several fronts of the suite write and read.</summary>
internal static class GrpcShapes
{
    /// <summary>A subscription's target that is a queue.</summary>
    public static SubscriptionTarget ToQueue(string queue) => new() { Queue = new QueueTarget { Name = queue } };

    /// <summary>The queue that a target is.</summary>
    public static string QueueOf(SubscriptionTarget target) => target.Queue.Name;
}

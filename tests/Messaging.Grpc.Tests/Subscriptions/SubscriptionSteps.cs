using Messaging.V1;

namespace Messaging.Grpc.Tests.Subscriptions;

/// <summary>What tests of subscriptions of queues ask of a server again and again.</summary>
internal static class SubscriptionSteps
{
    public static SubscriptionService.SubscriptionServiceClient Subscriptions(this GrpcServer server) => new(server.Channel);

    public static async Task<PutSubscriptionResponse> PutAsync(this GrpcServer server, string topic, string name, SubscriptionDefinition definition) =>
        await server.Subscriptions().PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = name, Definition = definition });

    public static SubscriptionTarget Target(string queue) => new() { Queue = new QueueTarget { Name = queue } };

    public static SubscriptionDefinition To(string queue) => new() { Target = Target(queue) };
}

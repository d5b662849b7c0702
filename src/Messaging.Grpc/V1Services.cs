using Google.Protobuf.Reflection;

namespace Messaging.Grpc;

/// <summary>The services of messaging.v1, as their contract describes them.</summary>
internal static class V1Services
{
    public static readonly ServiceDescriptor[] All =
    [
        V1.QueueService.Descriptor,
        V1.TopicService.Descriptor,
        V1.GroupService.Descriptor,
        V1.SubscriptionService.Descriptor,
        V1.TransactionService.Descriptor,
        V1.OperationService.Descriptor,
        V1.DefinitionService.Descriptor,
    ];

    /// <summary>Their full names.</summary>
    public static IEnumerable<string> Names => All.Select(static service => service.FullName);

    /// <summary>All that reflection lists.</summary>
    public static IEnumerable<ServiceDescriptor> Served =>
        [.. All, global::Grpc.Health.V1.Health.Descriptor, global::Grpc.Reflection.V1.ServerReflection.Descriptor, global::Grpc.Reflection.V1Alpha.ServerReflection.Descriptor];
}

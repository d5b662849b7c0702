using Google.Protobuf.Reflection;

namespace Messaging.Grpc;

/// <summary>The services of messaging.v1, as their contract describes them.</summary>
internal static class V1Services
{
    public static readonly ServiceDescriptor[] All = [V1.QueueService.Descriptor, V1.TopicService.Descriptor, V1.TransactionService.Descriptor, V1.OperationService.Descriptor];

    /// <summary>Their full names.</summary>
    public static IEnumerable<string> Names => All.Select(static service => service.FullName);
}

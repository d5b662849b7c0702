using System.Diagnostics;
using Messaging.Broker.Queues;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>The deduplication of a queue or a topic, both ways.</summary>
internal static class Deduplications
{
    public static DeduplicationDefinition? Read(V1.Deduplication? wire) => wire is null ? null : new DeduplicationDefinition
    {
        ContentBased = wire.ContentBased,
        Scope = ReadScope(wire.Scope),
        WindowSeconds = wire.HasWindowSeconds ? wire.WindowSeconds : DeduplicationDefinition.Default.WindowSeconds,
    };

    /// <summary>Changes one field; <paramref name="field"/> is one of the message's.</summary>
    public static DeduplicationDefinition Change(DeduplicationDefinition? now, V1.Deduplication? wire, string field)
    {
        now ??= DeduplicationDefinition.Default;
        DeduplicationDefinition read = Read(wire) ?? DeduplicationDefinition.Default;
        return field switch
        {
            "content_based" => now with { ContentBased = read.ContentBased },
            "scope" => now with { Scope = read.Scope },
            "window_seconds" => now with { WindowSeconds = read.WindowSeconds },
            _ => throw new UnreachableException($"The field {field} has no case."),
        };
    }

    public static V1.Deduplication? Of(DeduplicationDefinition? deduplication) => deduplication is null ? null : new V1.Deduplication
    {
        ContentBased = deduplication.ContentBased,
        Scope = deduplication.Scope switch { DeduplicationScope.Queue => V1.Deduplication.Types.Scope.All, DeduplicationScope.Group => V1.Deduplication.Types.Scope.Group },
        WindowSeconds = deduplication.WindowSeconds,
    };

    private static DeduplicationScope ReadScope(V1.Deduplication.Types.Scope scope) => scope switch
    {
        V1.Deduplication.Types.Scope.Unspecified or V1.Deduplication.Types.Scope.All => DeduplicationScope.Queue,
        V1.Deduplication.Types.Scope.Group => DeduplicationScope.Group,
        _ => throw Refusal.Invalid("definition.deduplication.scope", "The scope is all or group."),
    };
}

namespace Messaging.Grpc.Tests.Conformance.Definitions;

/// <summary>What all fronts that have documents of definitions can do with them, in words that belong to none of them. One for each front; thread-safe.</summary>
internal interface IDefinitionFront
{
    /// <summary>All definitions of the server, and their version in the front's own words.</summary>
    Task<(FrontDocument Document, string Version)> GetAsync();

    /// <summary>Applies a document, or only tells what would change; where a version is named, to that one only.</summary>
    Task<FrontApplied> PutAsync(FrontDocument document, bool isDryRun = false, string? version = null);

    /// <summary>Deletes everything; answers how many queues, topics and subscriptions that were.</summary>
    Task<(int Queues, int Topics, int Subscriptions)> ResetAsync();
}

/// <summary>What of a document a scenario says.</summary>
internal sealed record FrontDocument(FrontQueueEntry[] Queues, FrontTopicEntry[] Topics, FrontSubscriptionEntry[] Subscriptions);

/// <summary>What a document says of one queue.</summary>
internal sealed record FrontQueueEntry(string Namespace, string Name, int LeaseSeconds = 30);

/// <summary>What a document says of one topic.</summary>
internal sealed record FrontTopicEntry(string Namespace, string Name, int Partitions = 1);

/// <summary>What a document says of one subscription.</summary>
internal sealed record FrontSubscriptionEntry(string Namespace, string Topic, string Name, string Queue);

/// <summary>What applying came to: changes as "created queue default//orders: leaseSeconds", errors as "invalidValue queues[0].leaseSeconds"; only errors where there are any.</summary>
internal sealed record FrontApplied(string[] Errors, bool IsApplied, string[] Changes, int Unchanged);

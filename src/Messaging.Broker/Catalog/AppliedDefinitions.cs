using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What became of a document of definitions, or would become of it. Immutable.</summary>
public sealed record AppliedDefinitions
{
    /// <summary>What is wrong with which entry, in their order: the first rule that each one breaks. Nothing is applied unless it is empty.</summary>
    public required IReadOnlyList<EntryRefusal> Refusals { get; init; }

    /// <summary>The queues that are created or changed, in the order of the document.</summary>
    public required IReadOnlyList<DefinitionChange> Changes { get; init; }

    /// <summary>Entries that say what is there already.</summary>
    public required int Unchanged { get; init; }

    /// <summary>The queues are as the document says.</summary>
    public required bool IsApplied { get; init; }

    /// <summary>The catalog's version after it: what the next document may be made from.</summary>
    public required long Version { get; init; }
}

/// <summary>Why an entry, counted from 0, can't be applied; the error's field is one of the entry.</summary>
public readonly record struct EntryRefusal(int Entry, BrokerError Error);

/// <summary>One queue that is created or changed. Immutable.</summary>
/// <param name="Key">The queue.</param>
/// <param name="Before">Its definition so far; null where the queue is created.</param>
/// <param name="After">Its definition from then on.</param>
public sealed record DefinitionChange(QueueKey Key, QueueDefinition? Before, QueueDefinition After)
{
    /// <summary>The fields that change, or that a new queue has otherwise than by default.</summary>
    public IReadOnlyList<string> Fields => DefinitionDifference.Of(Before ?? QueueDefinition.Default, After);
}

using Messaging.Broker.Names;

namespace Messaging.Broker.Catalog;

/// <summary>What became of a document of definitions, or would become of it. Immutable.</summary>
public sealed record AppliedDefinitions
{
    /// <summary>What is wrong with which entry, queues before topics before subscriptions and in their order: the first rule that each one breaks. Nothing is applied unless it is empty.</summary>
    public required IReadOnlyList<EntryRefusal> Refusals { get; init; }

    /// <summary>What is created or changed, queues before topics before subscriptions and in the order of the document.</summary>
    public required IReadOnlyList<DefinitionChange> Changes { get; init; }

    /// <summary>Entries that say what is there already.</summary>
    public required int Unchanged { get; init; }

    /// <summary>All is as the document says.</summary>
    public required bool IsApplied { get; init; }

    /// <summary>The catalog's version after it: what the next document may be made from.</summary>
    public required long Version { get; init; }
}

/// <summary>Why an entry, counted from 0 among those of its kind, can't be applied; the error's field is one of the entry.</summary>
public readonly record struct EntryRefusal(ResourceKind Kind, int Entry, BrokerError Error);

using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The mirror's part of one kind of resource, as rows of the truth. Asked by who alone changes definitions, or in the sequencer, so that what was found stays so; what takes a command is
/// inside of it.
/// </summary>
internal interface IMirrorPart
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>All, in order.</summary>
    IEnumerable<ResourceKey> Keys { get; }

    /// <summary>
    /// As the mirror has it, as a row of this version, or of its own by null: created at a version that the mirror has reached, so that it is never taken for a newer one. Null where there is
    /// none.
    /// </summary>
    CatalogRow? Find(in ResourceKey key, long? version);

    /// <summary>What must take the place of a row that would change what can't change, as a row of this version; null where the row can be applied.</summary>
    CatalogRow? InsteadOf(CatalogRow row, long version);

    /// <summary>Most of what <see cref="Apply"/> appends.</summary>
    int BytesMax(CatalogRow row);

    /// <summary>It is as the row says from here on.</summary>
    void Apply(in Command command, CatalogRow row);

    /// <summary>After it was applied.</summary>
    ChangedDefinition Describe(in ResourceKey key, bool created);
}

using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage.Records;

namespace Messaging.Broker.FanOut;

/// <summary>Under which ids queues that deduplicate have a record: its own deduplication id, or else by its content; computed once for all queues of a scope. Outside of the sequencer.</summary>
internal ref struct CopyIds(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private Hash128? _inQueue;
    private Hash128? _inGroup;

    /// <summary>Null where the queue has the message however often it comes: what a subscription has asked for again is no duplicate of the first one, and makes none of what is sent later.</summary>
    public Hash128? Find(DeduplicationDefinition definition)
    {
        ref Hash128? known = ref (definition.Scope == DeduplicationScope.Queue ? ref _inQueue : ref _inGroup);
        if (known is not null || !RecordBodyReader.TryRead(_record, out RecordBodyReader reader)) return known;
        if (!TryFindOwnId(reader.Headers, out ReadOnlySpan<byte> own)) return null;
        // By content is the queue's own word: kept for it alone.
        if (own.IsEmpty) return definition.ContentBased ? ByContent(definition.Scope, reader) : null;
        return known = DeduplicationIds.Hash(definition.Scope, reader.Key, own);
    }

    private static Hash128 ByContent(DeduplicationScope scope, in RecordBodyReader reader)
    {
        Span<byte> id = stackalloc byte[MessageLimits.DeduplicationIdBytesMax];
        return DeduplicationIds.Hash(scope, reader.Key, id[..DeduplicationIds.Write(null, reader.Value, id)]);
    }

    // Empty where it has none; false of what is replayed.
    private static bool TryFindOwnId(RecordHeaderEnumerator headers, out ReadOnlySpan<byte> own)
    {
        own = default;
        while (headers.MoveNext())
        {
            if (headers.Name.SequenceEqual(StoredHeaders.DeduplicationId)) own = headers.Value;
            else if (headers.Name.SequenceEqual(StoredHeaders.Replayed)) return false;
        }

        return true;
    }
}

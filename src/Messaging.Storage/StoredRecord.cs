namespace Messaging.Storage;

/// <summary>Whether a record could be read.</summary>
public enum StoredRecordState
{
    /// <summary>Released, dropped with its stream, or never there.</summary>
    Missing,
    Present,
    /// <summary>Its bytes on the disk are not those that were written; they are in quarantine.</summary>
    Damaged,
    /// <summary>The process had no file descriptor or memory left to read it with: nothing is known of its bytes, and the next read tries again.</summary>
    Unreadable,
}

/// <summary>One record as read; the body (key, value, headers: <c>RecordBodyReader</c>) belongs to its <see cref="RecordSet"/>.</summary>
public readonly record struct StoredRecord(StoredRecordState State, long Offset, long TimestampMs, ReadOnlyMemory<byte> Body);

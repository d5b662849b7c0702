namespace Messaging.Storage.Disk;

/// <summary>One open file of an <see cref="IDisk"/>. Positioned calls only, so that concurrent reads need no lock.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>In bytes, as of now, synced or not.</summary>
    long Length { get; }

    /// <summary>Reads up to the span's length; returns the count, short only at the end of the file.</summary>
    int Read(Span<byte> destination, long position);

    /// <summary>
    /// As <see cref="Read"/>, as far as the bytes are in memory: returns how many from the first on were, and never waits for the medium. Negative where nobody can tell.
    /// </summary>
    int ReadCached(Span<byte> destination, long position);

    /// <summary>Writes all bytes or throws.</summary>
    void Write(ReadOnlySpan<byte> source, long position);

    /// <summary>Writes all pieces, one behind the other, or throws.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long position);

    /// <summary>fdatasync: returns only when all earlier writes to this file are on the medium; throws on any non-zero result.</summary>
    void DataSync();

    /// <summary>Reserves blocks up to <paramref name="length"/> so that a full disk shows here and not in the middle of a write.</summary>
    void Allocate(long length);

    /// <summary>Cuts or extends the file.</summary>
    void SetLength(long length);

    /// <summary>Syncs, then forgets the cached pages, so that the next reads come from the medium: recovery after an unclean stop.</summary>
    void DropCache();
}

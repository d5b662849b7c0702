using Messaging.Storage.Records;

namespace Messaging.Storage.Reading;

/// <summary>One batch of the journal, alone. Hot path.</summary>
internal static class JournalBatch
{
    /// <summary>
    /// Reads it into memory of its size; false where it is damaged or can't be read, which is in quarantine then. Throws where descriptors or memory have run out.
    /// </summary>
    public static bool TryRead(RecordReader reader, LogStream stream, in ReadPiece batch, Span<byte> destination, out RecordBatchHeader header)
    {
        header = default;
        if (reader.IsQuarantined(batch.Place))
        {
            return false;
        }

        StorageFaultException? failed = null;
        try
        {
            if (batch.Place.File.Read(destination, batch.Place.Position) == destination.Length && TryPlace(destination, batch, out header))
            {
                return true;
            }
        }
        catch (StorageFaultException fault) when (fault.Fault != StorageFault.Exhausted)
        {
            failed = fault;
        }

        reader.Quarantine(batch.Place, stream, failed is null ? "its checksum does not match" : "reading it failed", failed);
        return false;
    }

    /// <summary>Whether these are its bytes: by its own CRC, and for what that leaves out by its place. One that several streams share is given its base offset here.</summary>
    public static bool TryPlace(Span<byte> bytes, in ReadPiece batch, out RecordBatchHeader header)
    {
        bool isSound = RecordBatch.TryReadHeader(bytes, out header)
            && header.TotalBytes == bytes.Length
            && header.BaseOffset == batch.Place.BaseOffset - batch.Place.Shift
            && header.LastOffset + batch.Place.Shift + 1 == batch.EndOffset
            && RecordBatch.CrcIsValid(bytes);
        if (isSound && batch.Place.IsShared)
        {
            header = header with { BaseOffset = batch.Place.BaseOffset };
            RecordBatch.AssignPlace(bytes, header.BaseOffset, header.LeaderEpoch);
        }

        return isSound;
    }
}

using Messaging.Storage;
using Messaging.Storage.Journal;

namespace Messaging.TestKit.Traces;

/// <summary>Frames for traces that are made by hand.</summary>
internal static class TraceFrames
{
    /// <summary>A frame with one entry.</summary>
    public static byte[] Frame(byte type, long stream, ReadOnlySpan<byte> bytes)
    {
        int length = JournalFormat.FrameHeaderBytes + JournalFormat.EntryHeaderBytes + bytes.Length;
        byte[] frame = new byte[JournalFormat.Align(length)];
        Span<byte> entry = frame.AsSpan(JournalFormat.FrameHeaderBytes);
        JournalFormat.WriteEntryHeader(entry, (EntryType)type, bytes.Length, stream, 0);
        bytes.CopyTo(entry[JournalFormat.EntryHeaderBytes..]);
        JournalFormat.WriteFrameHeader(frame, new FrameHeader(1, 0, 1, length, 1, 0));
        JournalFormat.WriteFrameCrc(frame, Crc32C.Compute(frame.AsSpan(JournalFormat.CrcStart..length)));
        return frame;
    }
}

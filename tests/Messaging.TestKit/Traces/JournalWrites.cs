using System.Text;
using Messaging.Storage.Journal;

namespace Messaging.TestKit.Traces;

/// <summary>One frame as it was written, and the place in the trace at which its sync had returned; <see cref="SystemCall.Never"/> without one.</summary>
internal sealed record JournalWrite(SystemCall Write, int Synced, IReadOnlyList<JournalWrite.Entry> Entries)
{
    /// <summary>One entry of the frame; bytes as Latin-1 text, so that a marker can be looked for.</summary>
    internal readonly record struct Entry(EntryType Type, long Stream, string Bytes);
}

/// <summary>Finds the journal's frames in a trace, and for each the first sync of its file that began after the write had returned and succeeded.</summary>
internal static class JournalWrites
{
    private const string JournalFolder = "/journal/J-";

    public static IReadOnlyList<JournalWrite> Of(IReadOnlyList<SystemCall> calls)
    {
        SystemCall[] syncs = [.. calls.Where(call => call.Name is "fdatasync" or "fsync")];
        return [.. calls
            .Where(call => call.Name == "pwrite64" && call.Target.Contains(JournalFolder, StringComparison.Ordinal) && IsFrame(call))
            .Select(write => new JournalWrite(write, SyncedAt(write, syncs), Entries(write.Data.Span)))];
    }

    private static bool IsFrame(SystemCall call) => JournalFormat.TryReadFrameHeader(call.Data.Span, call.Data.Length, out _);

    private static int SyncedAt(SystemCall write, SystemCall[] syncs)
    {
        if (write.Result != write.Data.Length) return SystemCall.Never;
        SystemCall? sync = Array.Find(syncs, sync => sync.Began > write.Ended && sync.Target == write.Target);
        return sync is { Result: 0 } ? sync.Ended : SystemCall.Never;
    }

    private static JournalWrite.Entry[] Entries(ReadOnlySpan<byte> frame)
    {
        JournalFormat.TryReadFrameHeader(frame, frame.Length, out FrameHeader header);
        var entries = new List<JournalWrite.Entry>();
        var walk = new FrameEntries(frame, header);
        while (walk.MoveNext())
            entries.Add(new(walk.Current.Type, walk.Current.StreamId, Encoding.Latin1.GetString(walk.Current.Bytes)));
        return walk.Malformed ? throw new InvalidDataException("The trace holds a frame whose lengths do not fit.") : [.. entries];
    }
}

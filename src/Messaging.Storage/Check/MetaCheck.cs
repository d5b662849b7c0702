using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;

namespace Messaging.Storage.Check;

/// <summary>
/// META-a and META-b: both valid, one counter apart, of one folder. What counts stands in the first sector, so a torn write
/// leaves the old record or the new one, and never a wrong checksum; only the very first of a file may be torn.
/// </summary>
internal static class MetaCheck
{
    public static void Run(CheckRun run)
    {
        Side[] sides = [.. MetaFile.Names.Select(name => Read(run, name))];
        MetaRecord? newest = sides.Select(side => side.Record).MaxBy(record => record?.Counter);
        if (newest is null)
        {
            ReportNone(run, sides);
            return;
        }

        foreach (Side side in sides)
        {
            CheckSide(run, side, newest);
        }

        run.Summary.Generation = newest.Generation;
        run.Summary.CheckpointId = newest.CheckpointId;
        run.Summary.StoppedClean = newest.IsClean;
        bool slotsArePossible = newest.JournalSlotBytes > 0 && newest.JournalSlotBytes % StorageLimits.FrameAlignment == 0;
        if (!slotsArePossible || newest.CheckpointId < 0)
        {
            run.Add(MetaFile.NameOf(newest), 0, $"journal files of {newest.JournalSlotBytes} bytes and checkpoint {newest.CheckpointId} are not possible");
            return;
        }

        run.Meta = newest;
    }

    private static Side Read(CheckRun run, string name)
    {
        var side = new Side(name, run.Disk.Exists(name), false, null);
        if (side.Exists)
        {
            run.Try(name, () =>
            {
                using IDiskFile file = run.Disk.Open(name, create: false);
                byte[] bytes = new byte[MetaRecord.Bytes];
                int read = file.Read(bytes, 0);
                side = side with { IsBlank = !bytes.ContainsAnyExcept((byte)0) };
                side = side with { Record = MetaRecord.Read(bytes.AsSpan(0, read)) is { Counter: > 0 } record ? record : null };
            });
        }

        return side;
    }

    private static void CheckSide(CheckRun run, in Side side, MetaRecord newest)
    {
        if (side.Record is null)
        {
            // The file of an even counter is written for the first time when the other one already counts.
            if (newest.Counter > 1 || (side.Exists && !side.IsBlank))
            {
                run.Add(side.Name, 0, side.Exists ? "no valid record: the newer of the two may be lost" : "the file is missing");
            }

            return;
        }

        bool isOfThisFolder = side.Record.ClusterId == newest.ClusterId
            && side.Record.NodeId == newest.NodeId
            && side.Record.Seed.Span.SequenceEqual(newest.Seed.Span)
            && side.Record.JournalSlotBytes == newest.JournalSlotBytes;
        if (!isOfThisFolder || side.Name != MetaFile.NameOf(side.Record) || (side.Record != newest && side.Record.Counter != newest.Counter - 1))
        {
            run.Add(side.Name, 0, $"record {side.Record.Counter} is not the one before record {newest.Counter} of this folder");
        }
    }

    private static void ReportNone(CheckRun run, Side[] sides)
    {
        if (sides.All(side => !side.Exists || side.IsBlank) && !HoldsData(run))
        {
            run.Summary.IsEmpty = true;
            run.Note("no server has written to this folder");
            return;
        }

        foreach (Side side in sides)
        {
            run.Add(side.Name, 0, side.Exists ? "no valid record" : "the file is missing");
        }
    }

    // What recovery looks at too before it takes a folder for a new one.
    private static bool HoldsData(CheckRun run) =>
        run.Disk.List("packs").Count > 0
        || run.Disk.List("checkpoints").Count > 0
        || run.Disk.List("journal").Any(name => BeginsWithFrame(run, "journal/" + name));

    private static bool BeginsWithFrame(CheckRun run, string name)
    {
        byte[] header = new byte[JournalFormat.FrameHeaderBytes];
        return !run.Try(name, () =>
        {
            using IDiskFile file = run.Disk.Open(name, create: false);
            file.Read(header, 0);
        }) || JournalFormat.TryReadFrameHeader(header, int.MaxValue, out _);
    }

    private readonly record struct Side(string Name, bool Exists, bool IsBlank, MetaRecord? Record);
}

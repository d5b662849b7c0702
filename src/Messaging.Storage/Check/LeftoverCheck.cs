using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Maintenance;
using Messaging.Storage.Meta;
using Messaging.Storage.Packs;

namespace Messaging.Storage.Check;

/// <summary>Files that nothing names: what a crash left of a file under way, or of one that was about to go. In the three folders the next start deletes them.</summary>
internal static class LeftoverCheck
{
    public static void Run(CheckRun run)
    {
        HashSet<string> known = [.. MetaFile.Names, PosixDisk.LockName, DiskWatch.BallastName];
        Note(run, "", known.Contains);
        Note(run, "journal", name => JournalSlot.TryParseName(name, out _));
        if (run.Checkpoint is not null || run.Meta is { CheckpointId: 0 })
        {
            HashSet<string> packs = [.. (run.Checkpoint?.Packs ?? []).Select(pack => Pack.NameOf(pack.Id))];
            Note(run, "packs", packs.Contains);
        }

        if (run.Meta is { } meta)
        {
            Note(run, "checkpoints", name => name == Checkpoint.NameOf(meta.CheckpointId));
        }
    }

    private static void Note(CheckRun run, string folder, Func<string, bool> isKnown)
    {
        foreach (string file in run.Disk.List(folder))
        {
            string name = folder.Length == 0 ? file : $"{folder}/{file}";
            if (!isKnown(name))
            {
                run.Note($"{name}: nothing names this file");
            }
        }
    }
}

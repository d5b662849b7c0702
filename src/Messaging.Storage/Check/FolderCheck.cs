using Messaging.Storage.Disk;
using Messaging.Storage.Maintenance;
using Messaging.Storage.Meta;

namespace Messaging.Storage.Check;

/// <summary>
/// The offline check of a data folder (docs/formats.md): reads every file that counts, every checksum and every invariant
/// that bytes can show, and never writes. Holds the folder's lock meanwhile. One journal file, one index and one block are in
/// memory at a time, beside the checkpoint. What a page cache shows is believed: after a failed sync start the server, which
/// does not.
/// </summary>
public static class FolderCheck
{
    private static readonly string[] Folders = ["", "journal", "packs", "checkpoints"];

    /// <summary>Checks the folder. Damage never throws: it is what the report is for.</summary>
    /// <exception cref="StorageFaultException">The folder is in use, or can't be looked at.</exception>
    public static CheckReport Run(IDisk disk)
    {
        using IDisposable folderLock = disk.Lock();
        var run = new CheckRun(disk);
        CountFiles(run);
        MetaCheck.Run(run);
        if (!run.Summary.IsEmpty)
        {
            CheckpointCheck.Run(run);
            JournalCheck.Run(run);
            PackCheck.Run(run);
            LeftoverCheck.Run(run);
            CountStreams(run);
        }

        return run.Report();
    }

    private static void CountFiles(CheckRun run)
    {
        foreach (string folder in Folders)
        {
            foreach (string file in run.Disk.List(folder))
            {
                string name = folder.Length == 0 ? file : $"{folder}/{file}";
                run.Summary.Files++;
                bool isOurs = folder.Length > 0 || MetaFile.Names.Contains(name) || name == DiskWatch.BallastName;
                if (!isOurs)
                {
                    // The lock is empty, and opening it by the managed call would ask for what is held here. Others may be pipes, which would never open.
                    continue;
                }

                run.Try(name, () =>
                {
                    using IDiskFile opened = run.Disk.Open(name, create: false);
                    run.Summary.Bytes += opened.Length;
                });
            }
        }
    }

    private static void CountStreams(CheckRun run)
    {
        foreach (CheckedStream stream in run.Streams.Values.Where(stream => !stream.IsDropped))
        {
            run.Summary.Streams++;
            run.Summary.Records += stream.Records;
            run.Summary.TailBytes += stream.TailBytes;
        }
    }
}

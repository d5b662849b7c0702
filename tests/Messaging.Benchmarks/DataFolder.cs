using Microsoft.Win32.SafeHandles;

namespace Messaging.Benchmarks;

/// <summary>A temporary folder of the whole run, deleted at its end; every user gets a folder of its own inside.</summary>
internal sealed class DataFolder : IDisposable
{
    private int _last;

    public DataFolder(string parent) => Root = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(parent), $"bench-data-{Environment.ProcessId}")).FullName;

    public string Root { get; }

    public string New(string name) => Path.Combine(Root, $"{name}-{++_last}");

    /// <summary>Frees the disk early: the rows with large backlogs.</summary>
    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Drops the folder's clean pages from the page cache, as after a boot, whoever has its files open; what is dirty stays.</summary>
    public static void ForgetPages(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            try
            {
                using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
                _ = LibC.Advise(file, 0, 0, LibC.AdviseDontNeed);
            }
            catch (FileNotFoundException)
            {
                // A server that is at work in the folder has renamed or removed it.
            }
        }
    }

    public void Dispose() => Delete(Root);
}

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

    public void Dispose() => Delete(Root);
}

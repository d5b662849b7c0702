namespace Messaging.Storage.Tests.Disk;

/// <summary>A folder of its own for one test, removed at the end; by default where the system has those.</summary>
internal sealed class TemporaryFolder(string? parent = null) : IDisposable
{
    public string Path { get; } = parent is null
        ? Directory.CreateTempSubdirectory("messaging-").FullName
        : Directory.CreateDirectory(System.IO.Path.Join(parent, System.IO.Path.GetRandomFileName())).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

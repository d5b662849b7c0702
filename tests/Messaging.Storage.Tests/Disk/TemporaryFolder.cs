namespace Messaging.Storage.Tests.Disk;

/// <summary>A folder of its own for one test, removed at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("messaging-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

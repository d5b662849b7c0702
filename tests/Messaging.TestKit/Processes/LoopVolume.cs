namespace Messaging.TestKit.Processes;

/// <summary>
/// A small ext4 volume in a file, whose power can be cut: what the file system had not synced is gone, as it is where a machine loses
/// its power. Needs "root", "loop devices", "mkfs.ext4" and, for the cut, "xfs_io". Owned by one test.
/// </summary>
internal sealed class LoopVolume : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    /// <summary>Where it is mounted.</summary>
    public string Root => _folder["volume"];

    /// <summary>A folder on the volume for one server.</summary>
    public string Data => Path.Combine(Root, "data");

    private string Image => _folder["image"];

    public static async Task<LoopVolume> CreateAsync(long bytes)
    {
        var volume = new LoopVolume();
        try
        {
            Directory.CreateDirectory(volume.Root);
            await using (FileStream image = File.Create(volume.Image))
                image.SetLength(bytes);
            await Tool.RunAsync("mkfs.ext4", "-q", "-m", "0", volume.Image);
            await volume.MountAsync();
            return volume;
        }
        catch
        {
            await volume.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts the power: from now on every call to the volume fails, and nothing that is not yet synced ever will be, the file system's own journal included.</summary>
    public Task CutAsync() => Tool.RunAsync("xfs_io", "-x", "-c", "shutdown", Root);

    /// <summary>The power is back: the file system recovers. Nobody may have a file open.</summary>
    public async Task ReturnAsync()
    {
        await UnmountAsync();
        await MountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
            await UnmountAsync();
        _folder.Dispose();
    }

    private async Task MountAsync()
    {
        await Tool.RunAsync("mount", "-o", "loop", Image, Root);
        _isMounted = true;
    }

    private async Task UnmountAsync()
    {
        await Tool.RunAsync("umount", Root);
        _isMounted = false;
    }
}

using Messaging.TestKit;

namespace Messaging.Storage.Tests.TestKit;

/// <summary>Contents of simulated files, short to write and to read.</summary>
internal static class SimFiles
{
    public static SimDisk WithSynced(string name, byte[] bytes)
    {
        var disk = new SimDisk();
        using var file = disk.Open(name, create: true);
        file.Write(bytes, 0);
        file.DataSync();
        disk.SyncFolder("");
        return disk;
    }

    public static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    public static byte[] ReadAll(SimDisk disk, string name)
    {
        using var file = disk.Open(name, create: false);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        return bytes;
    }

    /// <summary>A digit for each sector; '?' for one that is not of one value.</summary>
    public static string Sectors(byte[] bytes)
        => string.Concat(bytes.Chunk(512).Select(sector => sector.All(value => value == sector[0]) ? (char)('0' + sector[0]) : '?'));
}

using System.IO.Compression;
using System.Reflection;
using System.Text;
using Messaging.Storage.Disk;
using Xunit;

namespace Messaging.TestKit;

/// <summary>
/// A data folder in one .zip that is embedded in a test project, beside a .txt of what it holds: written once by each format
/// version, opened by every later one. README.md of that project's folder Golden says how one is made.
/// </summary>
public static class GoldenFolder
{
    private static readonly string[] Folders = ["", "journal", "packs", "checkpoints"];

    // The zip format's own first day: a folder that is made again is the same file.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The folder on a simulated disk, synced. <paramref name="name"/> is such as "v1/engine".</summary>
    public static SimDisk Load(Assembly tests, string name)
    {
        var disk = new SimDisk(1);
        using var zip = new ZipArchive(Open(tests, name + ".zip"), ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            disk.CreateFolder(DiskName.FolderOf(entry.FullName));
            using Stream stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            using IDiskFile file = disk.Open(entry.FullName, create: true);
            file.Write(bytes.ToArray(), 0);
            file.DataSync();
        }

        foreach (string folder in Folders)
        {
            disk.SyncFolder(folder);
        }

        return disk;
    }

    public static void Extract(Assembly tests, string name, string folder)
    {
        using var zip = new ZipArchive(Open(tests, name + ".zip"), ZipArchiveMode.Read);
        zip.ExtractToDirectory(folder);
    }

    public static string LoadText(Assembly tests, string name)
    {
        using var reader = new StreamReader(Open(tests, name + ".txt"), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static byte[] Pack(IDisk disk)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in Folders.SelectMany(folder => disk.List(folder).Select(file => folder.Length == 0 ? file : $"{folder}/{file}")))
            {
                ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
                entry.LastWriteTime = EntryTime;
                using IDiskFile file = disk.Open(name, create: false);
                byte[] content = new byte[file.Length];
                Assert.Equal(content.Length, file.Read(content, 0));
                using Stream stream = entry.Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }

    private static Stream Open(Assembly tests, string name) =>
        tests.GetManifestResourceStream("Golden/" + name) ?? throw new FileNotFoundException($"Golden/{name} is not embedded.");
}

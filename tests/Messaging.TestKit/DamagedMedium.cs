using System.Text;

namespace Messaging.TestKit;

/// <summary>A medium that changes what it was given, under a server that runs.</summary>
public static class DamagedMedium
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Changes a byte of what was just stored, wherever the text stands in the journal of a data folder: at least once.</summary>
    public static void Change(string folder, string text)
    {
        byte[] sought = Encoding.UTF8.GetBytes(text);
        int found = Directory.EnumerateFiles(Path.Combine(folder, "journal")).Sum(path => Change(path, sought));
        if (found == 0) throw new ArgumentException($"\"{text}\" does not stand in the journal of {folder}.", nameof(text));
    }

    private static int Change(string path, byte[] sought)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        byte[] chunk = new byte[ChunkBytes];
        int found = 0;
        // Chunks overlap, so that none of them divides the text.
        for (long at = 0; at < file.Length; at += ChunkBytes - sought.Length)
        {
            file.Position = at;
            int read = file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
            int place = chunk.AsSpan(0, read).IndexOf(sought);
            if (place < 0) continue;
            file.Position = at + place;
            file.WriteByte((byte)~sought[0]);
            file.Flush();
            found++;
        }

        return found;
    }
}

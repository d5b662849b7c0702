namespace Messaging.Storage.Disk;

/// <summary>Names of an <see cref="IDisk"/>: relative, '/' between folders, "" for the root.</summary>
internal static class DiskName
{
    /// <summary>The folder of a file or folder; "" when it lies in the root.</summary>
    public static string FolderOf(string name) => name.LastIndexOf('/') is var slash and >= 0 ? name[..slash] : "";

    /// <summary>Refuses names that could leave the root. Such a name is a bug of the caller, not a fault of the disk.</summary>
    /// <exception cref="ArgumentException">The name is rooted, ends in '/', or has an empty, "." or ".." part.</exception>
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            return;
        }

        foreach (var range in name.AsSpan().Split('/'))
        {
            if (name.AsSpan(range) is "" or "." or "..")
            {
                throw new ArgumentException($"'{name}' is not a relative name.", nameof(name));
            }
        }
    }

    /// <summary>A rename stays in its folder, so that one sync of that folder makes it durable as a whole.</summary>
    /// <exception cref="ArgumentException">The folders differ.</exception>
    public static void CheckRename(string from, string to)
    {
        if (FolderOf(from) != FolderOf(to))
        {
            throw new ArgumentException($"'{from}' cannot be renamed into another folder, to '{to}'.", nameof(to));
        }
    }
}

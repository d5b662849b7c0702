namespace Messaging.Aws.Auth;

/// <summary>
/// The path as it is signed by every service but S3: without dot segments and empty ones, then each segment encoded once more than it came.
/// Source: IAM User Guide, "Create a signed AWS API request", step 1. Pure; hot path.
/// </summary>
internal static class CanonicalPath
{
    public static void Write(ref ByteWriter writer, ReadOnlySpan<char> path)
    {
        int start = writer.Length;
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> segment = path[range];
            if (segment is "" or ".")
                continue;
            if (segment is "..")
            {
                int last = writer.Written[start..].LastIndexOf((byte)'/');
                writer.Truncate(start + Math.Max(last, 0));
                continue;
            }
            writer.Append((byte)'/');
            foreach (char character in segment)
                writer.AppendEncoded((byte)character);
        }
        if (writer.Length == start || path.EndsWith('/'))
            writer.Append((byte)'/');
    }
}

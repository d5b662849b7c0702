using System.Runtime.InteropServices;

namespace Messaging.Api.Hosting;

/// <summary>What the server writes is its own user's and nobody else's to read: messages, and the secrets of access keys.</summary>
internal static partial class PrivateFiles
{
    /// <summary>Nothing for the group and for others.</summary>
    private const uint Mask = 0x3F;

    /// <summary>For all files that this process makes from here on.</summary>
    public static void Keep() => _ = SetMask(Mask);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}

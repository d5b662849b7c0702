using System.Runtime.InteropServices;
using Messaging.Http;

namespace Messaging.Api.Hosting;

/// <summary>
/// How many connections the process can hold. Each one is a file descriptor, and so is each file of the data folder: connections that took the
/// last one would fail the disk, and with the journal the process. So the system's limit leaves a share to the files. And each one may hold a little of answers that nobody reads, so that a small memory limits them too.
/// </summary>
internal static partial class ConnectionLimit
{
    /// <summary>A waiting receive holds a connection; beyond this many new ones are closed at once.</summary>
    public const int Wanted = 20_000;

    /// <summary>Journal, packs (of 64 MiB each), checkpoints, the runtime's own.</summary>
    private const long DescriptorsOfFiles = 1_024;

    /// <summary>What Kestrel buffers of the answers of one connection by HTTP/1.1 before it tells that the client is behind. From then on they count (<see cref="HttpLimits.AnswerBytesBehind"/>); what streams by HTTP/2 hold has a bound of its own (<see cref="ConnectionShares"/>).</summary>
    private const long AnswerBytes = 64 * 1024;

    /// <summary>The part of the memory for these of all connections. One in so many.</summary>
    private const int MemoryShare = 2;

    private const int OpenFiles = 7;

    /// <summary>The descriptors that this process may have. The runtime has raised the soft limit to the hard one at its start.</summary>
    public static long Descriptors() => GetLimit(OpenFiles, out Limit limit) == 0 && limit.Soft <= long.MaxValue ? (long)limit.Soft : long.MaxValue;

    /// <summary>Where there are few descriptors, the files get half of them.</summary>
    public static int OfDescriptors(long descriptors) => (int)Math.Clamp(Math.Max(descriptors - DescriptorsOfFiles, descriptors / 2), 1, Wanted);

    public static int OfMemory(long bytes) => (int)Math.Clamp(bytes / MemoryShare / AnswerBytes, 1, Wanted);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Limit limit);

    /// <summary>struct rlimit of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}

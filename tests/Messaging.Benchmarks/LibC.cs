using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Benchmarks;

/// <summary>The system calls of the baselines and of the load generator. Negative (or, for advice, non-zero) is failure.</summary>
internal static unsafe partial class LibC
{
    public const short PollIn = 1;
    public const int AdviseDontNeed = 4;
    public const int SignalTerminate = 15;
    public const int ClockThreadCpu = 3;

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, byte* bytes, nint count, long position);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int Advise(SafeFileHandle file, long position, long length, int advice);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "usleep")]
    public static partial int Sleep(uint microseconds);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}

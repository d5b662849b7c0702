using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Messaging.Aws.Http;

/// <summary>Names of requests, as every answer carries one: they look like UUIDs, differ within a process by a counter and between processes by chance. Thread-safe. Hot path.</summary>
internal sealed class RequestIds
{
    private readonly ulong _salt = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private ulong _last;

    public string Next()
    {
        ulong number = Interlocked.Increment(ref _last);
        Span<ulong> halves = [_salt, number * 0x9E3779B97F4A7C15];
        return new Guid(MemoryMarshal.AsBytes(halves)).ToString("D");
    }
}

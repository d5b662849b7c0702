namespace Messaging.TestKit.Processes;

/// <summary>A server under strace: what is traced, and what is made to fail. The trace is whole when the process has ended.</summary>
internal sealed record Strace(string LogFile)
{
    /// <summary>All calls by which a server syncs and answers. Injected calls must be among them.</summary>
    private const string Traced = "trace=pwrite64,pwritev,fdatasync,fsync,recvfrom,recvmsg,read,readv,sendto,sendmsg,write,writev";

    /// <summary>A fault in strace's words, such as "fdatasync:error=EIO:when=5"; "when" counts per thread. Null: none.</summary>
    public string? Inject { get; init; }

    /// <summary>The fault is a SIGKILL.</summary>
    public bool Kills => Inject?.Contains("signal=SIGKILL", StringComparison.Ordinal) == true;

    /// <summary>Bytes of each buffer that the trace keeps.</summary>
    public int BytesKept { get; init; } = 1 << 20;

    // -D: the tracer is the grandchild, so that the process that the test starts, kills and waits for is the server itself.
    public IReadOnlyList<string> Launcher =>
    [
        "strace", "-D", "-f", "-q", "-yy", "-s", $"{BytesKept}", "-o", LogFile, "-e", "signal=none", "-e", Traced,
        // Only what is traced is stopped, so that the server runs nearly at its speed; strace 6.1 does not inject signals so.
        .. Kills ? (string[])[] : ["--seccomp-bpf"],
        .. Inject is null ? (string[])[] : ["-e", "inject=" + Inject],
    ];
}

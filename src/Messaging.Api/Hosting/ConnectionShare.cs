using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Messaging.Api.Hosting;

/// <summary>
/// What Kestrel takes of <see cref="ConnectionMemory"/> for the streams of one connection: requests that arrive, and answers that their client does not let out, which by HTTP/2 are a thousand at a time whose
/// calls have ended. Thread-safe. Hot path.
/// </summary>
internal sealed partial class ConnectionShare(ConnectionMemory memory, ConnectionContext connection, ILogger logger) : MemoryPool<byte>, IMemoryPoolFeature, IThreadPoolWorkItem
{
    /// <summary>In small blocks; large ones are few. Under the memory's lock.</summary>
    public long Bytes { get; set; }

    /// <summary>The connection goes on. Under the memory's lock.</summary>
    public bool IsOpen { get; set; }

    /// <inheritdoc/>
    public MemoryPool<byte> MemoryPool => this;

    /// <inheritdoc/>
    public override int MaxBufferSize => memory.MaxBufferSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => memory.Rent(minBufferSize, this);

    /// <summary>Cuts the connection: all that its streams hold comes back. On a thread of its own, since who rents may hold locks of Kestrel's.</summary>
    public void Execute()
    {
        LogCut(logger, connection.RemoteEndPoint?.ToString());
        connection.Abort(new ConnectionAbortedException("Too much waits for clients that do not read."));
    }

    // It holds nothing that is not given back by who rented it.
    protected override void Dispose(bool disposing)
    {
    }

    [LoggerMessage(EventId = 1011, Level = LogLevel.Warning,
        Message = "The connection of {Client} was cut: answers that nobody reads, and requests that do not come to their end, hold too much memory, and most of it was this connection's.")]
    private static partial void LogCut(ILogger logger, string? client);
}

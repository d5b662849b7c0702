using Messaging.Http;

namespace Messaging.Api.Hosting;

/// <summary>What the streams of each connection hold, and all of them together. Not thread-safe: <see cref="ConnectionMemory"/> owns it, and touches it under its lock.</summary>
internal sealed class ConnectionShares(BufferBudgets budgets)
{
    private readonly HashSet<ConnectionShare> _open = [];

    // Of those that are open: what others hold comes back by itself.
    private long _bytes;

    public void Open(ConnectionShare share)
    {
        share.IsOpen = _open.Add(share);
    }

    public void Close(ConnectionShare share)
    {
        if (!_open.Remove(share))
            return;
        share.IsOpen = false;
        _bytes -= share.Bytes;
    }

    /// <summary>So many bytes more, or less. Returns the share whose connection is to be cut, and which is closed here: that with the most, where all together hold too much.</summary>
    public ConnectionShare? Add(ConnectionShare share, int bytes)
    {
        share.Bytes += bytes;
        if (!share.IsOpen)
            return null;
        _bytes += bytes;
        if (bytes < 0 || !budgets.AreExceededBy(_bytes))
            return null;
        ConnectionShare most = _open.MaxBy(static open => open.Bytes)!;
        Close(most);
        return most;
    }
}

using Messaging.Broker.Deliveries;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Push.Delivery;

/// <summary>
/// What one subscription has leased and not ended, and how much that may be. Deliveries at one time are a window, which grows while they arrive and halves when they fail, so that an endpoint that is slow or dead holds few of
/// the slots that all share. What waits for its turn is leased ahead: about as many as arrive while the next ones are being leased, so that a fast endpoint never waits for the journal, and little waits for a slow one. Thread-safe.
/// </summary>
internal sealed class DeliveryWindow
{
    // Twice what arrives during one lease stands ready when it begins, and each brings as many.
    private const int AheadFactor = 4;

    private readonly Lock _lock = new();
    private readonly Queue<LeasedDelivery> _waiting = new();
    private int _size = PushLimits.WindowStart;
    private int _ahead;
    private int _leased;
    private long _leasedBytes;
    private int _workers;
    private int _arrived;
    private bool _isProven;
    private bool _isAwaited;
    private bool _isClosed;

    /// <summary>Its latest attempt that came to anything arrived.</summary>
    public bool IsProven
    {
        get
        {
            lock (_lock) return _isProven;
        }
    }

    /// <summary>How many to lease next; 0: not yet, and an <see cref="End"/> tells when. Half of the window at least, so that one sync leases many.</summary>
    public int Room()
    {
        lock (_lock)
        {
            int room = RoomNow();
            _isAwaited = room == 0;
            return room;
        }
    }

    /// <summary>From here on it is counted what arrives while more is leased.</summary>
    public void BeginLease()
    {
        lock (_lock) _arrived = 0;
    }

    /// <summary>These are leased now; so many workers are to be started for them, each of which calls <see cref="TryNext"/> until there is nothing.</summary>
    public int EndLease(DeliveryTerms terms, IReadOnlyList<PushMessage> messages)
    {
        lock (_lock)
        {
            _ahead = Math.Min(PushLimits.AheadMax, Math.Max(AheadFactor * _arrived, _ahead / 2));
            foreach (PushMessage message in messages)
            {
                _waiting.Enqueue(new LeasedDelivery(terms, message));
                _leasedBytes += LeasedDelivery.BytesOf(message);
            }

            _leased += messages.Count;
            int start = Math.Clamp(_size - _workers, 0, _waiting.Count);
            _workers += start;
            return start;
        }
    }

    /// <summary>The next one for a worker; false: the worker is one too many, or nothing waits, and it ends.</summary>
    public bool TryNext(out LeasedDelivery next)
    {
        lock (_lock)
        {
            next = default;
            if (!_isClosed && _workers <= _size && _waiting.TryDequeue(out next)) return true;
            _workers--;
            return false;
        }
    }

    /// <summary>What became of one.</summary>
    /// <param name="message">That <see cref="TryNext"/> gave.</param>
    /// <param name="verdict">Of its attempt.</param>
    /// <param name="isRoom">Who waits for <see cref="Room"/> is to be told that there is some.</param>
    /// <returns>Another worker is to be started.</returns>
    public bool End(PushMessage message, DeliveryVerdict verdict, out bool isRoom)
    {
        lock (_lock)
        {
            _leased--;
            _leasedBytes -= LeasedDelivery.BytesOf(message);
            if (verdict == DeliveryVerdict.Delivered) (_arrived, _size, _isProven) = (_arrived + 1, Math.Min(PushLimits.WindowMax, _size + 1), true);
            else if (verdict == DeliveryVerdict.TryAgain) (_ahead, _size, _isProven) = (0, Math.Max(1, _size / 2), false);
            isRoom = _isAwaited && RoomNow() > 0;
            if (isRoom) _isAwaited = false;
            bool another = !_isClosed && _waiting.Count > 0 && _workers < _size;
            if (another) _workers++;
            return another;
        }
    }

    /// <summary>No other one begins.</summary>
    public void Close()
    {
        lock (_lock) _isClosed = true;
    }

    /// <summary>What has not begun, in a window that is closed.</summary>
    public IReadOnlyList<PushMessage> Rest()
    {
        lock (_lock) return [.. _waiting.Select(static one => one.Message)];
    }

    private int RoomNow()
    {
        int room = _size + _ahead - _leased;
        return _leasedBytes < PushLimits.LeasedBytesPerSubscriptionMax && room >= Math.Max(1, Math.Max(_size, _ahead) / 2) ? room : 0;
    }
}

namespace Messaging.Broker.FanOut;

/// <summary>Which records of a stored batch are to be copied: of these offsets, the last one excluded, and of this time or later (ms since 1970).</summary>
internal readonly record struct CopyRange(long From, long End, long FromMs)
{
    public static CopyRange All => new(long.MinValue, long.MaxValue, long.MinValue);

    public bool Has(long offset, long timestampMs) => offset >= From && offset < End && (FromMs <= 0 || timestampMs >= FromMs);
}

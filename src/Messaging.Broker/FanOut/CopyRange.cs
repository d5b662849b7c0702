namespace Messaging.Broker.FanOut;

/// <summary>Which records of a stored batch are to be copied: of these offsets, the last one excluded, and of this time or later (ms since 1970).</summary>
internal readonly record struct CopyRange(long From, long End, long FromMs)
{
    public static CopyRange All => new(long.MinValue, long.MaxValue, long.MinValue);

    /// <summary>Only of before this time, in ms since 1970; 0: whatever theirs is.</summary>
    public long ToMs { get; init; }

    /// <summary>They were published before now, and their copies tell when.</summary>
    public bool IsLate { get; init; }

    /// <summary>A subscription has asked for them again, and their copies tell it.</summary>
    public bool IsReplay { get; init; }

    public bool Has(long offset, long timestampMs) => offset >= From && offset < End && (FromMs <= 0 || timestampMs >= FromMs) && (ToMs <= 0 || timestampMs < ToMs);
}

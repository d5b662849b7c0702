namespace Messaging.Http;

/// <summary>Every bound of the bytes that all fronts buffer, by name. What a call may carry is in each front's own limits.</summary>
public static class HttpLimits
{
    /// <summary>
    /// All bodies that are buffered at one time, over all connections; beyond it a request is refused as overloaded. Bodies that
    /// arrived in one piece lie in Kestrel's own buffer and don't count. Decoding may need twice as much again, so this is a third of the bound.
    /// </summary>
    public const long BufferedBytesMax = 256L * 1024 * 1024;

    /// <summary>The part of it for callers that have shown no key that the server knows: small bodies of many of them, and no more.</summary>
    public const long UnknownBytesMax = 32L * 1024 * 1024;

    /// <summary>How long a body that comes in pieces may take in all: Kestrel's own minimum rate is an average, which a first part that came at once would last for hours.</summary>
    public const int BodySecondsMax = 120;

    /// <summary>Large answers that are composed at one time: each needs several times its size meanwhile.</summary>
    public const int ComposingMax = 1;

    /// <summary>Below this the largest answer would never have a place.</summary>
    public const long BudgetBytesMin = 112L * 1024 * 1024;

    /// <summary>Arrays above this are not kept for the next use; see <see cref="LargeBytes"/>.</summary>
    public const int PooledBytesMax = 1024 * 1024;

    /// <summary>A length that a client claims is believed, and memory taken for it, when this part of it has come. One in so many.</summary>
    public const int BodyTrust = 4;

    /// <summary>The first piece rented for a body that comes in many; it doubles from there while the length that the client claims is not believed.</summary>
    public const int BufferBytesInitial = 16 * 1024;

    /// <summary>
    /// All large answers that wait for their readers, over all connections; beyond it a receive or a list is refused as overloaded. The largest
    /// one has 96 MiB: 16 MiB of control characters, each escaped.
    /// </summary>
    public const long AnswerBytesMax = 256L * 1024 * 1024;

    /// <summary>
    /// How long a large answer may take to be read, so that a few slow readers don't keep others from theirs: 16 MiB at 140 KB a second. REST's small ones have it from when Kestrel
    /// buffers no more of them; beside it there is Kestrel's own least rate of 240 bytes a second.
    /// </summary>
    public const int AnswerSecondsMax = 120;

    /// <summary>A large answer goes to Kestrel in pieces of this size, which is what it buffers for a connection.</summary>
    public const int AnswerBytesWritten = 64 * 1024;

    /// <summary>
    /// An answer of stored bytes, of which there are many and nothing is to be composed, goes to Kestrel in pieces of this size: with smaller ones the flushes cost more than the bytes.
    /// </summary>
    public const int StoredBytesWritten = 1024 * 1024;

    /// <summary>An answer's buffer above this goes back to the shared pool and not into the next answer; a longer answer is a large one.</summary>
    public const int AnswerBytesKept = 64 * 1024;

    /// <summary>What a small answer counts with once its client is behind: itself, and the piece that was written on top of what Kestrel buffers.</summary>
    public const int AnswerBytesBehind = 2 * AnswerBytesKept;

    /// <summary>The header Authorization in closed mode: the longest id and secret of an access key have 344 characters in it.</summary>
    public const int BasicCharactersMax = 1024;
}

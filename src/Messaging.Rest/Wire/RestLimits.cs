namespace Messaging.Rest.Wire;

/// <summary>
/// Every bound of the front, by name. What a queue or a call may carry is in BrokerLimits; these bound the bytes around it.
/// </summary>
internal static class RestLimits
{
    /// <summary>
    /// The body of a send: 16 MiB of messages stand for 21.4 MiB when they are base64, the rest is for names and attributes. What is
    /// within this and over 16 MiB when decoded is refused by the broker.
    /// </summary>
    public const int SendBodyBytesMax = 24 * 1024 * 1024;

    /// <summary>Any other body. The largest legal one is a definition with 50 tags whose characters are all escaped (0.2 MiB).</summary>
    public const int DocumentBytesMax = 1024 * 1024;

    /// <summary>A document of definitions, sent or answered, and the file of the host: 1,600 bytes for each of as many as it may have.</summary>
    public const int DefinitionsBytesMax = 16 * 1024 * 1024;

    /// <summary>Errors that the answer to a wrong document of definitions lists.</summary>
    public const int DefinitionErrorsMax = 1_000;

    /// <summary>
    /// All bodies that are buffered at one time, over all connections; beyond it a request is refused as overloaded. Bodies that
    /// arrived in one piece lie in Kestrel's own buffer and don't count. Decoding may need as much again, so this is half of the bound.
    /// </summary>
    public const long BufferedBytesMax = 256L * 1024 * 1024;

    /// <summary>The first piece rented for a body that comes in many; it doubles from there, whatever length the client claims.</summary>
    public const int BufferBytesInitial = 16 * 1024;

    /// <summary>
    /// All large answers that wait for their readers, over all connections; beyond it a receive or a list is refused as overloaded. The largest
    /// one has 96 MiB: 16 MiB of control characters, each escaped.
    /// </summary>
    public const long AnswerBytesMax = 256L * 1024 * 1024;

    /// <summary>
    /// How long a large answer may take to be read, so that a few slow readers don't keep others from theirs: 16 MiB at 140 KB a second. Small ones
    /// have Kestrel's own bound of 240 bytes a second.
    /// </summary>
    public const int AnswerSecondsMax = 120;

    /// <summary>A large answer goes to Kestrel in pieces of this size, which is what it buffers for a connection.</summary>
    public const int AnswerBytesWritten = 64 * 1024;

    /// <summary>An answer's buffer above this goes back to the shared pool and not into the next answer; a longer answer is a large one.</summary>
    public const int AnswerBytesKept = 64 * 1024;

    /// <summary>How deep a document may nest, the value of a "json" field included. System.Text.Json's own default.</summary>
    public const int DepthMax = 64;

    /// <summary>How many tags an If-Match may name.</summary>
    public const int EntityTagsMax = 16;

    /// <summary>How many characters of a client's own text a problem repeats.</summary>
    public const int EchoCharactersMax = 64;
}

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

    /// <summary>Any other body. The largest legal one is a definition with all tags and annotations, and their characters all escaped (0.3 MiB).</summary>
    public const int DocumentBytesMax = 1024 * 1024;

    /// <summary>A document of definitions, sent or answered, and the file of the host: 1,600 bytes for each of as many as it may have.</summary>
    public const int DefinitionsBytesMax = 16 * 1024 * 1024;

    /// <summary>Errors that the answer to a wrong document of definitions lists.</summary>
    public const int DefinitionErrorsMax = 1_000;

    /// <summary>How deep a document may nest, the value of a "json" field included. System.Text.Json's own default.</summary>
    public const int DepthMax = 64;

    /// <summary>How many tags an If-Match may name.</summary>
    public const int EntityTagsMax = 16;

    /// <summary>How many characters of a client's own text a problem repeats.</summary>
    public const int EchoCharactersMax = 64;

    /// <summary>The header Authorization in closed mode: the longest id and secret of an access key have 344 characters in it.</summary>
    public const int BasicCharactersMax = 1024;
}

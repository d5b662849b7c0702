namespace Messaging.Http;

/// <summary>Why a body was not read to its end. Each front has its own words for it.</summary>
public enum BodyFault
{
    /// <summary>It has more bytes than the call may have.</summary>
    TooLarge,

    /// <summary>Too many large bodies are arriving at once.</summary>
    Overloaded,
}

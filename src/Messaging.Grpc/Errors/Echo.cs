namespace Messaging.Grpc.Errors;

/// <summary>A client's text as a refusal repeats it.</summary>
internal static class Echo
{
    /// <summary>The text, or so much of it that a refusal stays small; no character is cut in two.</summary>
    public static string Cut(string text, int charactersMax = GrpcLimits.EchoCharactersMax) =>
        text.Length <= charactersMax ? text : text[..(char.IsHighSurrogate(text[charactersMax - 1]) ? charactersMax - 1 : charactersMax)] + "...";
}

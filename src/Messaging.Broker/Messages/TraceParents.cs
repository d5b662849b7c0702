using System.Buffers;

namespace Messaging.Broker.Messages;

/// <summary>
/// The form of a traceparent (W3C Trace Context, section 3.2.2): version, trace id, parent id and flags in lower-case hexadecimal, neither id
/// zero; version ff is none, and a version above 00 may have more behind another dash. Pure.
/// </summary>
public static class TraceParents
{
    public const string Rule = "Must be a traceparent of W3C Trace Context, such as 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.";

    private const int Length = 55;
    private const int TraceId = 3, TraceIdEnd = 35, ParentId = 36, ParentIdEnd = 52, Flags = 53;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length < Length || text[TraceId - 1] != '-' || text[TraceIdEnd] != '-' || text[ParentIdEnd] != '-')
            return false;
        ReadOnlySpan<char> version = text[..(TraceId - 1)];
        if (version is "ff" || (text.Length > Length && (version is "00" || text[Length] != '-')))
            return false;
        return IsHexadecimal(version) && IsId(text[TraceId..TraceIdEnd]) && IsId(text[ParentId..ParentIdEnd]) && IsHexadecimal(text[Flags..Length])
            // What a later version adds is not ours to read, and still plain text.
            && !text[Length..].ContainsAnyExceptInRange('!', '~');
    }

    private static bool IsId(ReadOnlySpan<char> text) => IsHexadecimal(text) && text.ContainsAnyExcept('0');

    private static bool IsHexadecimal(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hexadecimal);
}

using System.Collections.Frozen;

namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>The values of headerContentType (SNS Developer Guide, "Creating an HTTP/S delivery policy"). Pure.</summary>
internal static class HeaderContentTypes
{
    public const string Default = "text/plain; charset=UTF-8";

    private const string Charset = "charset=UTF-8";

    // Documents are JSON, which is text too.
    private static readonly FrozenSet<string> OfDocuments = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "application/json", "text/plain");

    private static readonly FrozenSet<string> OfRawMessages = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "text/css", "text/csv", "text/html", "text/plain", "text/xml", "application/atom+xml", "application/json", "application/octet-stream",
        "application/soap+xml", "application/x-www-form-urlencoded", "application/xhtml+xml", "application/xml");

    /// <summary>More of them where messages are delivered raw. UTF-8 may be named, since messages are nothing else.</summary>
    public static bool Has(string value, bool isRaw)
    {
        int end = value.IndexOf(';', StringComparison.Ordinal);
        if (end >= 0 && !value.AsSpan(end + 1).Trim(' ').Equals(Charset, StringComparison.OrdinalIgnoreCase)) return false;
        return (isRaw ? OfRawMessages : OfDocuments).Contains(end < 0 ? value : value[..end]);
    }
}

using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>Ranges and parts of lists that many requests have.</summary>
internal static class Pages
{
    /// <summary>How many entries the page has, and the token to begin at.</summary>
    public static (int Size, string? Token) Read(V1.PageRequest? page, int sizeDefault = BrokerLimits.ListPageSizeDefault, int sizeMax = BrokerLimits.ListPageSizeMax)
    {
        int size = page is { HasSize: true } ? Range(page.Size, 1, sizeMax, "page.size") : sizeDefault;
        return (size, Maybe(page?.Token));
    }

    /// <summary>The value, or a refusal thrown where it is out of its range.</summary>
    public static int Range(int value, int min, int max, string field) =>
        value >= min && value <= max ? value : throw Refusal.Invalid(field, $"Must be a whole number from {min} to {max}.");

    /// <summary>Null for an empty text, which the wire has where nothing is said.</summary>
    public static string? Maybe(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

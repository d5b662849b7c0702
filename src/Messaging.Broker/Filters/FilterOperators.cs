using System.Collections.Frozen;

namespace Messaging.Broker.Filters;

/// <summary>The words of the language of filter policies.</summary>
internal static class FilterOperators
{
    public const string Or = "$or";
    public const string Prefix = "prefix";
    public const string Suffix = "suffix";
    public const string IgnoreCase = "equals-ignore-case";
    public const string Wildcard = "wildcard";
    public const string AnythingBut = "anything-but";
    public const string Numeric = "numeric";
    public const string Cidr = "cidr";
    public const string Exists = "exists";

    /// <summary>
    /// Names that show that a list called $or is one of match expressions, and $or the name of a key: all that Event Ruler, which SNS matches by, uses or keeps
    /// for later use.
    /// </summary>
    public static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.Ordinal,
        Prefix, Suffix, IgnoreCase, Wildcard, AnythingBut, Numeric, Cidr, Exists,
        "exactly", "=", "<", "<=", ">", ">=",
        "regex", "not-wildcard", "not-equals-ignore-case",
        "date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range",
        "ip-address-in-range", "ip-address-not-in-range");
}

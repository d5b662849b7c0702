using System.Text;
using System.Text.Json;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

/// <summary>Short words for the tests of filter policies.</summary>
internal static class FilterCalls
{
    public static FilterPolicy Policy(string json, FilterScope scope) => FilterPolicy.Parse(Encoding.UTF8.GetBytes(json), scope, FilterLimits.Native, "filter").Value;

    /// <summary>Whether a policy over the body takes it.</summary>
    public static bool TakesBody(string policy, string body) => Policy(policy, FilterScope.Body).MatchesBody(Encoding.UTF8.GetBytes(body));

    /// <summary>Whether a policy over attributes takes a message with one of them, "key".</summary>
    public static bool Takes(string policy, FilterValueKind kind, string value) => Takes(policy, new TestAttribute("key", kind, value));

    public static bool Takes(string policy, params TestAttribute[] attributes) =>
        Policy(policy, FilterScope.Attributes).MatchesAttributes(new TestAttributes(attributes));

    /// <summary>Whether a value of JSON is among the alternatives (JSON too) in a body, and as the element of an array attribute, which must agree.</summary>
    public static bool Matches(string alternatives, string value)
    {
        string policy = $$"""{"key":{{alternatives}}}""";
        bool inBody = TakesBody(policy, $$"""{"key":{{value}}}""");
        Assert.Equal(inBody, Takes(policy, FilterValueKind.StringArray, $"[{value}]"));
        return inBody;
    }

    public static FilterRefusal Refusal(string json, FilterScope scope = FilterScope.Body, FilterLimits? limits = null) =>
        Refusal(Encoding.UTF8.GetBytes(json), scope, limits);

    public static FilterRefusal Refusal(byte[] json, FilterScope scope = FilterScope.Body, FilterLimits? limits = null)
    {
        FilterRefusal? refusal = FilterPolicy.Parse(json, scope, limits ?? FilterLimits.Native, out FilterPolicy? policy);
        Assert.Null(policy);
        return refusal!;
    }

    public static bool IsTaken(string json, FilterScope scope, FilterLimits limits) =>
        FilterPolicy.Parse(Encoding.UTF8.GetBytes(json), scope, limits, out FilterPolicy? _) is null;

    public static string Quote(string text) => JsonSerializer.Serialize(text);
}

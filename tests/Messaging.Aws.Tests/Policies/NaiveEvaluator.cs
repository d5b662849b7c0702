using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Messaging.Aws.Policies;

namespace Messaging.Aws.Tests.Policies;

/// <summary>Evaluates the JSON itself, statement by statement as IAM's guide tells it, with regular expressions and no care for speed.</summary>
internal static class NaiveEvaluator
{
    public static PolicyDecision Evaluate(string policy, PolicyRequest request)
    {
        JsonNode[] matching = [.. List(JsonNode.Parse(policy)!["Statement"]!).Where(statement => Matches(statement, request))];
        if (matching.Any(statement => (string)statement["Effect"]! == "Deny")) return PolicyDecision.ExplicitDeny;
        return matching.Length > 0 ? PolicyDecision.Allow : PolicyDecision.NoMatch;
    }

    private static bool Matches(JsonNode statement, PolicyRequest request) =>
        Element(statement, "Principal", value => IsPrincipal(value, request))
        && Element(statement, "Action", value => Texts(value).Any(text => Like(text, "sqs:" + request.Action, RegexOptions.IgnoreCase)))
        && Element(statement, "Resource", value => Texts(value).Any(text => Like(Fill(text, request), request.Resource)))
        && (statement["Condition"]?.AsObject().All(operation => operation.Value!.AsObject().All(key => Holds(operation.Key, key.Key, Texts(key.Value!), request))) ?? true);

    private static bool Element(JsonNode statement, string name, Func<JsonNode, bool> matches) =>
        statement[name] is { } value ? matches(value) : !matches(statement["Not" + name]!);

    private static bool IsPrincipal(JsonNode value, PolicyRequest request)
    {
        if (value is JsonValue) return true;
        string[] names = [request.Caller.Account.Value, $"arn:aws:iam::{request.Caller.Account}:root", request.PrincipalArn];
        return value.AsObject().Any(kind => Texts(kind.Value!).Any(name =>
            (kind.Key == "AWS" && (name == "*" || (request.IsOfAccount && names.Contains(name)))) || (kind.Key == "Service" && name == request.Context.Service)));
    }

    private static bool Holds(string operation, string key, string[] values, PolicyRequest request)
    {
        string? actual = Value(key, request);
        if (operation == "Null") return values.Contains(actual is null ? "true" : "false");
        bool negated = operation.Contains("Not", StringComparison.Ordinal);
        if (actual is null)
        {
            if (operation.EndsWith("IfExists", StringComparison.Ordinal) || operation.StartsWith("ForAllValues:", StringComparison.Ordinal)) return true;
            return negated && !operation.StartsWith("ForAnyValue:", StringComparison.Ordinal);
        }

        string plain = operation.Split(':')[^1].Replace("IfExists", "", StringComparison.Ordinal).Replace("Not", "", StringComparison.Ordinal);
        return values.Any(value => Fits(plain, actual, value, request)) != negated;
    }

    private static bool Fits(string operation, string actual, string value, PolicyRequest request) => operation switch
    {
        "StringEquals" => Regex.IsMatch(actual, $"^{Regex.Escape(Filled(value, request))}$"),
        "StringEqualsIgnoreCase" => string.Equals(actual, Filled(value, request), StringComparison.OrdinalIgnoreCase),
        "StringLike" => Like(Fill(value, request), actual),
        "ArnLike" or "ArnEquals" => value == "*" || value.Split(':', 6).Zip(actual.Split(':', 6)).All(pair => Like(pair.First, pair.Second)),
        "Bool" => actual == value,
        "IpAddress" => IPNetwork.Parse(value).Contains(IPAddress.Parse(actual)),
        "NumericLessThan" => Number(actual) < Number(value),
        "NumericGreaterThanEquals" => Number(actual) >= Number(value),
        "DateLessThan" => DateTimeOffset.Parse(actual, CultureInfo.InvariantCulture) < DateTimeOffset.Parse(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException(operation),
    };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string? Value(string key, PolicyRequest request) => key.ToUpperInvariant() switch
    {
        "AWS:SOURCEARN" => request.Context.SourceArn,
        "AWS:PRINCIPALACCOUNT" => request.IsOfAccount ? request.Caller.Account.Value : null,
        "AWS:SOURCEIP" => request.Context.SourceIp?.ToString(),
        "AWS:SECURETRANSPORT" => request.Context.IsSecure ? "true" : "false",
        "AWS:USERAGENT" => request.Context.UserAgent,
        "AWS:EPOCHTIME" => request.Context.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        "AWS:CURRENTTIME" => request.Context.Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => null,
    };

    // Null where a variable has no value.
    private static string? Fill(string text, PolicyRequest request)
    {
        bool isWhole = true;
        string filled = Regex.Replace(text, @"\$\{([^}]*)\}", variable =>
        {
            string? value = Value(variable.Groups[1].Value, request);
            isWhole &= value is not null;
            return value ?? "";
        });
        return isWhole ? filled : null;
    }

    private static string Filled(string text, PolicyRequest request) => Fill(text, request) ?? "\0";

    private static bool Like(string? pattern, string text, RegexOptions options = RegexOptions.None) =>
        pattern is not null && Regex.IsMatch(text, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$", options);

    private static JsonNode[] List(JsonNode node) => node is JsonArray array ? [.. array.Select(item => item!)] : [node];

    private static string[] Texts(JsonNode node) => [.. List(node).Select(item => item.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)item! : item.ToJsonString())];
}

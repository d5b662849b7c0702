using System.Text.RegularExpressions;
using Messaging.TestKit.Contracts;

namespace Messaging.Contract.Tests;

/// <summary>One call of curl, and what came back. Immutable.</summary>
/// <param name="ExitCode">Of curl.</param>
/// <param name="Words">What it was called with.</param>
internal sealed partial record CurlCall(string Method, string Path, int Status, string? ContentType, string Body, int ExitCode, string Words)
{
    /// <summary>curl's own code for a transfer that took longer than --max-time: how a stream is left.</summary>
    private const int TimedOut = 28;

    /// <summary>From the files that were written in place of curl.</summary>
    public static CurlCall Read(string file)
    {
        Match call = CallPattern().Match(File.ReadAllText(file));
        Assert.True(call.Success, $"curl did not come to an answer: {File.ReadAllText(file)}");
        string type = call.Groups["type"].Value;
        return new CurlCall(call.Groups["method"].Value, new Uri(call.Groups["url"].Value).AbsolutePath, int.Parse(call.Groups["status"].ValueSpan), type.Length == 0 ? null : type,
            File.ReadAllText(System.IO.Path.ChangeExtension(file, "body")), int.Parse(call.Groups["exit"].ValueSpan), call.Groups["words"].Value);
    }

    /// <summary>The operation of the contract, as "METHOD /path"; null for a HEAD, for which OpenAPI has no word.</summary>
    public string? Operation => Method == "HEAD" ? null : OpenApiContract.Current.Operations
        .Where(operation => operation.Split(' ')[0] == Method && Fits(operation.Split(' ')[1]))
        // As OpenAPI has it: .../messages/raw before .../messages/{id}.
        .OrderBy(operation => operation.Count(character => character == '{')).First();

    /// <summary>What is wrong with its outcome, or null.</summary>
    public string? Judge()
    {
        bool ended = ExitCode == 0 || (ExitCode == TimedOut && Words.Contains("--max-time", StringComparison.Ordinal));
        string? broken = !ended ? $"curl ended with {ExitCode}"
            : Status is < 200 or >= 300 ? $"it answered {Status}"
            // With -o the body is in a file of the page's own.
            : Operation is null || Words.Contains(" -o ", StringComparison.Ordinal) ? null
            : OpenApiContract.Current.Judge(Method, Operation.Split(' ')[1], Status, ContentType, Body);
        return broken is null ? null : $"{broken}: {Words} -> {Body}";
    }

    private bool Fits(string template)
    {
        string[] path = Path.Split('/'), steps = template.Split('/');
        return path.Length == steps.Length && steps.Zip(path).All(pair => pair.First == pair.Second || pair.First.StartsWith('{'));
    }

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<url>\S+) (?<status>\d{3}) (?<type>[^\s;]*).* exit=(?<exit>\d+) (?<words>.*)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CallPattern();
}

using System.Text.RegularExpressions;

namespace Messaging.TestKit.Processes;

/// <summary>Runs a program of a client to its end, or until it has taken far too long. It learns by its environment where the server is.</summary>
internal static partial class ClientProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(100);

    public static async Task<ScriptOutcome> RunAsync(
        string name, string program, Action<IDictionary<string, string?>> environment, IEnumerable<string> words, string folder = "")
    {
        await using ProgramProcess process = ProgramProcess.Start(program, words, folder, environment);
        int code = await process.ExitAsync(Timeout);
        string text = process.Output.ToString();
        return new ScriptOutcome(name, code, CountCases(text), text);
    }

    private static int CountCases(string output)
    {
        Match count = CasesPattern().Match(output);
        return count.Success ? int.Parse(count.Groups[1].ValueSpan) : 0;
    }

    // A line of node's runner in its form for machines, and of ours for Python.
    [GeneratedRegex(@"^# tests (\d+)", RegexOptions.Multiline)]
    private static partial Regex CasesPattern();
}

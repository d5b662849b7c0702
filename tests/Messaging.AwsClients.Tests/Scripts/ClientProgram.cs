using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Messaging.AwsClients.Tests.Scripts;

/// <summary>Runs a program of a client to its end, or until it has taken far too long. It learns by its environment where the server is.</summary>
internal static partial class ClientProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(100);

    public static async Task<ScriptOutcome> RunAsync(string name, string program, SqsServer server, IEnumerable<string> words, string folder = "")
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false, WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        ClientEnvironment.Fill(start.Environment, server);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        bool ended = await EndsAsync(process);
        string text = await output + await errors + (ended ? "" : $"\nIt was killed after {Timeout.TotalSeconds} s.");
        return new ScriptOutcome(name, process.ExitCode, CountCases(text), text);
    }

    private static async Task<bool> EndsAsync(Process process)
    {
        using var source = new CancellationTokenSource(Timeout, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(source.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
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

using System.Diagnostics;
using System.Text.RegularExpressions;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.AwsClients.Tests.Scripts;

/// <summary>One script of a client, in its own process, which learns by its environment where the server is. Immutable.</summary>
/// <param name="Program">What runs it.</param>
/// <param name="Folder">Below the folder of these tests.</param>
/// <param name="Name">Its file.</param>
/// <param name="Words">What stands before the file.</param>
internal sealed partial record ClientScript(string Program, string Folder, string Name, params string[] Words)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(100);

    public static ClientScript Python(string name) => new(ClientPrograms.Python!, "python", name);

    /// <summary>By node's own test runner.</summary>
    public static ClientScript Node(string name) => new(ClientPrograms.Node!, "node", name, "--test", "--test-reporter=tap");

    /// <summary>Runs it against this server, to its end or until it has taken far too long.</summary>
    public async Task<ScriptOutcome> RunAsync(SqsServer server)
    {
        string folder = Path.Combine(SourceTree.Root, "tests", "Messaging.AwsClients.Tests", Folder);
        var start = new ProcessStartInfo(Program, [.. Words, Path.Combine(folder, Name)])
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
        return new ScriptOutcome(Name, process.ExitCode, CountCases(text), text);
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

    // The last line of our runner for Python, and a line of node's in its form for machines.
    [GeneratedRegex(@"^# tests (\d+)", RegexOptions.Multiline)]
    private static partial Regex CasesPattern();
}

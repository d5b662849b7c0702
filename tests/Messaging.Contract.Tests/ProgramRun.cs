using System.Diagnostics;

namespace Messaging.Contract.Tests;

/// <summary>How a program ended, with all that it printed. Immutable.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    // The browser's story takes most of a minute on two processors, and several on busy ones.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(8);

    /// <summary>Runs it to its end, or until it has taken far too long.</summary>
    public static async Task<ProgramRun> RunAsync(string program, IEnumerable<string> words, string folder, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false, WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var source = new CancellationTokenSource(Timeout, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(source.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return new ProgramRun(process.ExitCode, await output, $"{await errors}\nIt was killed after {Timeout.TotalMinutes} minutes.");
        }
        return new ProgramRun(process.ExitCode, await output, await errors);
    }

    public override string ToString() => $"It ended with {ExitCode}:\n{Output}\n{Errors}";
}

using System.Diagnostics;

namespace Messaging.TestKit.Processes;

/// <summary>Runs a program of the machine to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="RunAsync(TimeSpan, string, string[])"/>
    public static Task RunAsync(string program, params string[] arguments) => RunAsync(TimeoutDefault, program, arguments);

    /// <exception cref="InvalidOperationException">It failed, with what it said.</exception>
    public static async Task RunAsync(TimeSpan timeout, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Requirement.Find(program) ?? program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var source = new CancellationTokenSource(timeout, TimeProvider.System);
        Task<string> output = process.StandardOutput.ReadToEndAsync(source.Token);
        string error = await process.StandardError.ReadToEndAsync(source.Token);
        await process.WaitForExitAsync(source.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}{await output}");
    }
}

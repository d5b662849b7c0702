using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Messaging.Api.Tests.Hosting;

/// <summary>The real program as a child process, in an empty folder of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-").FullName;
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ServerProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Messaging.Api.dll"), .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public string Folder => _folder;

    /// <summary>Waits for the line that says that the server is ready; all that was printed until then.</summary>
    public async Task<string> ReadUntilReadyAsync()
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        string printed = "";
        while (!printed.Contains("Ready at", StringComparison.Ordinal))
            printed += await _process.StandardOutput.ReadLineAsync(timeout.Token) + "\n" ?? throw new InvalidOperationException($"The server ended: {await _errors}");
        return printed;
    }

    public static Uri AddressIn(string printed) => new(AddressPattern().Match(printed).Groups[1].Value);

    public void Terminate() => Assert.Equal(0, Kill(_process.Id, TerminateSignal));

    public async Task<(int ExitCode, string Output, string Errors)> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        string output = await _process.StandardOutput.ReadToEndAsync(timeout.Token);
        await _process.WaitForExitAsync(timeout.Token);
        return (_process.ExitCode, output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private const int TerminateSignal = 15;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [GeneratedRegex(@"Ready at (\S+),")]
    private static partial Regex AddressPattern();
}

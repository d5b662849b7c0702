using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Messaging.TestKit.Processes;

/// <summary>A program as a child process, with all that it prints. Owned by the test that started it: disposing kills it and what it has started.</summary>
internal sealed partial class ProgramProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly Task _outputEnd;

    private ProgramProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _outputEnd = Task.WhenAll(ReadAsync(_process.StandardOutput, isError: false), ReadAsync(_process.StandardError, isError: true))
            .ContinueWith(_ => Output.End(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>What it has printed so far.</summary>
    public ProgramOutput Output { get; } = new();

    public bool HasExited => _process.HasExited;

    /// <param name="program">Its path, or its name where that is in PATH.</param>
    /// <param name="words">Its arguments.</param>
    /// <param name="folder">Where it is started; empty: where the tests are.</param>
    /// <param name="environment">Changes the environment that it inherits from the tests.</param>
    public static ProgramProcess Start(string program, IEnumerable<string> words, string folder = "", Action<IDictionary<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(program, words)
        {
            UseShellExecute = false, WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        environment?.Invoke(start.Environment);
        return new ProgramProcess(start);
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public Task KillHardAsync()
    {
        if (!HasExited)
            _process.Kill();
        return ExitAsync(EndTimeout);
    }

    /// <summary>SIGTERM; see <see cref="ExitAsync"/>.</summary>
    public void Terminate()
    {
        if (Kill(_process.Id, SignalTerminate) != 0 && !HasExited)
            throw new InvalidOperationException($"kill failed with errno {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Waits for its end; the exit code is 128 and the signal's number where a signal ended it.</summary>
    /// <exception cref="TimeoutException">It goes on.</exception>
    public async Task<int> ExitAsync(TimeSpan timeout)
    {
        using var source = new CancellationTokenSource(timeout, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(source.Token);
            await _outputEnd.WaitAsync(source.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It had not ended after {timeout.TotalSeconds} s:\n{Output}");
        }
    }

    /// <summary>What it has of the machine's memory, in bytes.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            _process.Kill(entireProcessTree: true);
        await ExitAsync(EndTimeout);
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, bool isError)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            Output.Add(line, isError);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Messaging.TestKit.Processes;

/// <summary>
/// The real server as a child process on a free loopback port. Owned by the test that started it: disposing kills it, and only it.
/// The built dll is started, of the configuration in which the tests were built.
/// </summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly ServerOutput _output = new();
    private readonly Task _outputEnd;
    private Uri? _address;

    private ServerProcess(ServerStart start)
    {
        string[] command =
        [
            .. start.Launcher, .. start.Program is { } program ? (string[])[program] : [DotnetPath(), ServerPath()],
            .. start.Words ??
            [
                $"--Messaging:DataDirectory={start.DataFolder}", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
                .. start.Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
            ],
        ];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = start.WorkingFolder ?? "",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        _outputEnd = Task.WhenAll(ReadAsync(_process.StandardOutput, isError: false), ReadAsync(_process.StandardError, isError: true))
            .ContinueWith(_ => _output.End(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Where it listens; known once it is ready.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("The server is not ready.");

    public bool HasExited => _process.HasExited;

    /// <summary>Everything that it has printed so far.</summary>
    public string Output => _output.ToString();

    /// <inheritdoc cref="ServerOutput.WrittenAsync"/>
    public Task WrittenAsync(string text) => _output.WrittenAsync(text);

    /// <summary>The part of it on the stream of errors.</summary>
    public string Errors => _output.Errors;

    /// <summary>Starts it without waiting for anything.</summary>
    public static ServerProcess Launch(ServerStart start) => new(start);

    /// <summary>Starts it and waits until it takes calls.</summary>
    public static async Task<ServerProcess> StartAsync(ServerStart start)
    {
        var server = new ServerProcess(start);
        try
        {
            if (await server.TryReadyAsync(start.ReadyTimeout))
                return server;
            throw new InvalidOperationException($"The server did not get ready:\n{server.Output}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>True when it takes calls; false when it has ended before.</summary>
    /// <exception cref="TimeoutException">It did neither in time.</exception>
    public async Task<bool> TryReadyAsync(TimeSpan timeout)
    {
        using var source = new CancellationTokenSource(timeout, TimeProvider.System);
        using var client = new HttpClient();
        try
        {
            Uri address = await _output.Address.WaitAsync(source.Token);
            while (!await AnswersAsync(client, new Uri(address, "/health/ready"), source.Token))
            {
                if (HasExited) return false;
                await Task.Delay(PollPause, TimeProvider.System, source.Token);
            }

            _address = address;
            return true;
        }
        catch (OperationCanceledException)
        {
            if (_output.Address.IsCanceled) return false;
            throw new TimeoutException($"The server was not ready within {timeout.TotalSeconds} s:\n{Output}");
        }
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
            throw new TimeoutException($"The server had not ended after {timeout.TotalSeconds} s:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillHardAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task ReadAsync(StreamReader reader, bool isError)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            _output.Add(line, isError);
    }

    // tests/Messaging.X.Tests/bin/<configuration>/<framework>/ beside src/Messaging.Api/bin/<configuration>/<framework>/
    private static string ServerPath()
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string build = Path.Combine(folder.Parent!.Name, folder.Name);
        while (!File.Exists(Path.Combine(folder.FullName, "Messaging.Api.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the source tree.");
        return Path.Combine(folder.FullName, "src", "Messaging.Api", "bin", build, "Messaging.Api.dll");
    }

    private static string DotnetPath() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

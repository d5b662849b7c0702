namespace Messaging.TestKit.Processes;

/// <summary>
/// The real server as a child process on a free loopback port. Owned by the test that started it: disposing kills it, and only it.
/// The built dll is started, of the configuration in which the tests were built.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(20);
    private readonly ProgramProcess _process;
    private Uri[]? _addresses;

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
        _process = ProgramProcess.Start(command[0], command[1..], start.WorkingFolder ?? "");
    }

    /// <summary>Where it listens; known once it is ready.</summary>
    public Uri Address => Known[^1];

    /// <summary>Where it speaks gRPC, if it was told to; known once it is ready.</summary>
    public Uri GrpcAddress => Known.Length > 1 ? Known[0] : throw new InvalidOperationException("The server has no address for gRPC.");

    public bool HasExited => _process.HasExited;

    /// <summary>Everything that it has printed so far.</summary>
    public string Output => _process.Output.ToString();

    /// <inheritdoc cref="ProgramOutput.WrittenAsync"/>
    public Task WrittenAsync(string text) => _process.Output.WrittenAsync(text);

    /// <summary>The part of it on the stream of errors.</summary>
    public string Errors => _process.Output.Errors;

    private Uri[] Known => _addresses ?? throw new InvalidOperationException("The server is not ready.");

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
            Uri[] addresses = await _process.Output.Addresses.WaitAsync(source.Token);
            while (!await AnswersAsync(client, new Uri(addresses[^1], "/health/ready"), source.Token))
            {
                if (HasExited) return false;
                await Task.Delay(PollPause, TimeProvider.System, source.Token);
            }

            _addresses = addresses;
            return true;
        }
        catch (OperationCanceledException)
        {
            if (_process.Output.Addresses.IsCanceled) return false;
            throw new TimeoutException($"The server was not ready within {timeout.TotalSeconds} s:\n{Output}");
        }
    }

    /// <inheritdoc cref="ProgramProcess.KillHardAsync"/>
    public Task KillHardAsync() => _process.KillHardAsync();

    /// <inheritdoc cref="ProgramProcess.Terminate"/>
    public void Terminate() => _process.Terminate();

    /// <inheritdoc cref="ProgramProcess.ExitAsync"/>
    public Task<int> ExitAsync(TimeSpan timeout) => _process.ExitAsync(timeout);

    // Itself first: what traces it ends behind it, and has its log to write.
    public async ValueTask DisposeAsync()
    {
        await KillHardAsync();
        await _process.DisposeAsync();
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
}

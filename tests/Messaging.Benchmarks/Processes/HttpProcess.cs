using System.Diagnostics;
using System.Net;

namespace Messaging.Benchmarks.Processes;

/// <summary>A child that serves HTTP on a free port of the loopback.</summary>
internal abstract class HttpProcess : ChildProcess
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    private readonly long _started;

    protected HttpProcess(string binary, string workingFolder, int port, params string[] arguments)
        : this(new ProcessStartInfo("dotnet", [binary, .. arguments]) { WorkingDirectory = workingFolder }, port)
    {
    }

    protected HttpProcess(ProcessStartInfo start, int port)
        : base(start)
    {
        _started = Stopwatch.GetTimestamp();
        Port = port;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public int Port { get; }

    /// <summary>For what is not measured.</summary>
    public HttpClient Client { get; }

    /// <summary>Asks until it is answered with success; the time since the process began.</summary>
    public async Task<TimeSpan> UntilAnsweredAsync(Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await ask(Client);
                if (response.IsSuccessStatusCode)
                {
                    return Stopwatch.GetElapsedTime(_started);
                }

                if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
                }
            }
            catch (HttpRequestException) when (!HasExited && Stopwatch.GetElapsedTime(_started) < StartTimeout)
            {
                // It does not listen yet.
            }

            if (HasExited)
            {
                throw new InvalidOperationException($"The process ended: {Output}");
            }

            await Task.Delay(Step);
        }
    }

    public Task<TimeSpan> UntilReadyAsync() => UntilAnsweredAsync(client => client.GetAsync("/health/ready"));
}

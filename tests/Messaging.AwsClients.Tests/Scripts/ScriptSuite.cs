using Messaging.TestKit;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.AwsClients.Tests.Scripts;

/// <summary>
/// All scripts of one client over one server. They start with the suite, some at a time, since most of their time is waiting; each fact then
/// waits for its own. Where the client is missing nothing starts, and the facts are skipped.
/// </summary>
public abstract class ScriptSuite(string requirement) : IAsyncLifetime
{
    private const int RunningMax = 4;

    private readonly SemaphoreSlim _running = new(RunningMax);
    private Dictionary<string, Task<ScriptOutcome>> _outcomes = [];
    private SqsServer? _server;

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot(requirement) is not null) return;
        _server = await StartServerAsync();
        _outcomes = Scripts().ToDictionary(script => script.Name, RunAsync, StringComparer.Ordinal);
    }

    public async Task DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_outcomes.Values);
        }
        finally
        {
            if (_server is not null) await _server.DisposeAsync();
            _running.Dispose();
        }
    }

    /// <summary>Waits for a script, and fails with what it printed and what the server said.</summary>
    public async Task AssertPassedAsync(string name, ITestOutputHelper output)
    {
        ScriptOutcome outcome = await _outcomes[name];
        output.WriteLine(outcome.ToString());
        Assert.True(outcome.Passed, $"{outcome}\nThe server:\n{_server!.Output}");
    }

    private protected abstract IEnumerable<ClientScript> Scripts();

    private protected virtual Task<SqsServer> StartServerAsync() => SqsServer.StartOpenAsync();

    private async Task<ScriptOutcome> RunAsync(ClientScript script)
    {
        await _running.WaitAsync(CancellationToken.None);
        try
        {
            return await script.RunAsync(_server!);
        }
        finally
        {
            _running.Release();
        }
    }
}

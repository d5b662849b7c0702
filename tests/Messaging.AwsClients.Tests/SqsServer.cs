using Messaging.TestKit.Processes;

namespace Messaging.AwsClients.Tests;

/// <summary>The real server as a child process, with what the tests of clients need. Owned by the fixture that started it.</summary>
internal sealed class SqsServer : IAsyncDisposable
{
    public const string AccessKeyId = "AKIAMESSAGING0000001";
    public const string SecretAccessKey = "wJalrXUtnFEMI+K7MDENG/bPxRfiCY0000000001";
    public const string Account = "210987654321";

    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private SqsServer(TemporaryFolder folder, ServerProcess process) => (_folder, _process) = (folder, process);

    public Uri Endpoint => _process.Address;

    /// <summary>What it has printed, for the message of a test that failed.</summary>
    public string Output => _process.Output;

    /// <summary>Open to everyone, and without the minute that names wait for (a purge, a queue that is created again).</summary>
    public static Task<SqsServer> StartOpenAsync() => StartAsync(new() { ["Messaging:Aws:NameCoolDownSeconds"] = "0" });

    /// <summary>Open to everyone who reaches it, by whatever name.</summary>
    public static Task<SqsServer> StartForAnyHostAsync() => StartAsync(new() { ["Messaging:Auth:AllowOpenBeyondLoopback"] = "true" });

    /// <summary>One access key, and every wait as it is by default.</summary>
    public static Task<SqsServer> StartClosedAsync() => StartAsync(new()
    {
        ["Messaging:Auth:Mode"] = "Closed",
        ["Messaging:Auth:AccessKeyId"] = AccessKeyId,
        ["Messaging:Auth:SecretAccessKey"] = SecretAccessKey,
        ["Messaging:Auth:Account"] = Account,
    });

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<SqsServer> StartAsync(Dictionary<string, string> settings)
    {
        var folder = new TemporaryFolder();
        try
        {
            return new SqsServer(folder, await ServerProcess.StartAsync(new ServerStart(folder["data"]) { Settings = settings }));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}

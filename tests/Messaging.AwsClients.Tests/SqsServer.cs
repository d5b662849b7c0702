using Messaging.TestKit.Processes;

namespace Messaging.AwsClients.Tests;

/// <summary>The real server as a child process, with what the tests of clients need. Owned by the fixture that started it.</summary>
internal sealed class SqsServer : IAsyncDisposable
{
    public const string AccessKeyId = "AKIAMESSAGING0000001";
    public const string SecretAccessKey = "wJalrXUtnFEMI+K7MDENG/bPxRfiCY0000000001";
    public const string Account = "210987654321";
    public const string OtherKeyId = "AKIASTRANGER00000001";
    public const string OtherAccount = "123456789012";

    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private SqsServer(TemporaryFolder folder, ServerProcess process, string? otherSecret) => (_folder, _process, OtherSecret) = (folder, process, otherSecret);

    /// <summary>The secret of the second access key, of another account; null where the server is open.</summary>
    public string? OtherSecret { get; }

    public Uri Endpoint => _process.Address;

    /// <summary>What it has printed, for the message of a test that failed.</summary>
    public string Output => _process.Output;

    /// <summary>Open to everyone, without the minute that names wait for (a purge, a queue that is created again), and pushing to endpoints of this machine.</summary>
    public static Task<SqsServer> StartOpenAsync() => StartAsync(new() { ["Messaging:Aws:NameCoolDownSeconds"] = "0", ["Messaging:Push:AllowPrivateNetworks"] = "true" });

    /// <summary>Open to everyone who reaches it, by whatever name.</summary>
    public static Task<SqsServer> StartForAnyHostAsync() => StartAsync(new() { ["Messaging:Auth:AllowOpenBeyondLoopback"] = "true" });

    /// <summary>Two accounts, one by the settings and one by an access key of the data folder, and every wait as it is by default.</summary>
    public static Task<SqsServer> StartClosedAsync() => StartAsync(new()
    {
        ["Messaging:Auth:Mode"] = "Closed",
        ["Messaging:Auth:AccessKeyId"] = AccessKeyId,
        ["Messaging:Auth:SecretAccessKey"] = SecretAccessKey,
        ["Messaging:Auth:Account"] = Account,
    }, CreateKeyAsync);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<SqsServer> StartAsync(Dictionary<string, string> settings, Func<string, Task<string>>? prepare = null)
    {
        var folder = new TemporaryFolder();
        try
        {
            string? secret = prepare is null ? null : await prepare(folder["data"]);
            return new SqsServer(folder, await ServerProcess.StartAsync(new ServerStart(folder["data"]) { Settings = settings }), secret);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    // As an operator does it: by the program, which tells the secret once.
    private static async Task<string> CreateKeyAsync(string dataFolder)
    {
        const string SecretLine = "secret access key";
        await using ServerProcess command = ServerProcess.Launch(new ServerStart(dataFolder)
        {
            Words = ["keys", "create", $"--account={OtherAccount}", $"--id={OtherKeyId}", $"--Messaging:DataDirectory={dataFolder}"],
        });
        int code = await command.ExitAsync(CommandTimeout);
        string? line = command.Output.Split('\n').FirstOrDefault(line => line.StartsWith(SecretLine, StringComparison.Ordinal));
        return code == 0 && line is not null
            ? line[SecretLine.Length..].Trim()
            : throw new InvalidOperationException($"No access key was made ({code}):\n{command.Output}");
    }
}

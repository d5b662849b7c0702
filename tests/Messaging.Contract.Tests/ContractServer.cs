using Messaging.TestKit.Processes;

namespace Messaging.Contract.Tests;

/// <summary>The real server as a child process over a folder of its own. Owned by the test that started it.</summary>
internal sealed class ContractServer : IAsyncDisposable
{
    public const string KeyId = "AKIAMESSAGING0000001";
    public const string Secret = "wJalrXUtnFEMI+K7MDENG/bPxRfiCY0000000001";

    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private ContractServer(TemporaryFolder folder, ServerProcess process) => (_folder, _process) = (folder, process);

    /// <summary>Without a slash at its end, as it stands before a path.</summary>
    public string Endpoint => _process.Address.ToString().TrimEnd('/');

    /// <summary>A folder for what a test writes.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What it has printed, for the message of a test that failed.</summary>
    public string Output => _process.Output;

    /// <summary>Open to everyone, and pushing to endpoints of this machine.</summary>
    public static Task<ContractServer> StartOpenAsync() => StartAsync(new() { ["Messaging:Push:AllowPrivateNetworks"] = "true" });

    /// <summary>With one access key.</summary>
    public static Task<ContractServer> StartClosedAsync() => StartAsync(new()
    {
        ["Messaging:Auth:Mode"] = "Closed",
        ["Messaging:Auth:AccessKeyId"] = KeyId,
        ["Messaging:Auth:SecretAccessKey"] = Secret,
    });

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<ContractServer> StartAsync(Dictionary<string, string> settings)
    {
        var folder = new TemporaryFolder();
        try
        {
            return new ContractServer(folder, await ServerProcess.StartAsync(new ServerStart(folder["data"]) { Settings = settings }));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}

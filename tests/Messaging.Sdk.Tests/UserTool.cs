using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests;

/// <summary>A tool that a user of an SDK runs to the end, such as a generator or a compiler.</summary>
internal static class UserTool
{
    // What hangs is to be told, and what a busy machine restores and builds slowly is not.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(300);

    /// <summary>Fails with what it printed where it does not succeed, and returns that where it does.</summary>
    public static async Task<string> AssertSucceedsAsync(
        string program, IEnumerable<string> words, string folder, Action<IDictionary<string, string?>>? environment = null)
    {
        await using ProgramProcess process = ProgramProcess.Start(program, words, folder, environment);
        int code = await process.ExitAsync(Timeout);
        Assert.True(code == 0, $"{program} ended with {code}:\n{process.Output}");
        return process.Output.ToString();
    }
}

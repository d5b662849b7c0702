using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests;

/// <summary>A consumer of an example as a child process, whose messages say what becomes of them. Owned by the test that started it.</summary>
internal sealed class Worker(ProgramProcess process) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private string[] Lines => process.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Completes once it has printed this; fails with all that it printed where it does not.</summary>
    public async Task PrintsAsync(string line)
    {
        try
        {
            await process.Output.WrittenAsync(line).WaitAsync(Timeout, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"It did not print '{line}':\n{process.Output}");
        }
    }

    /// <summary>How often it has printed a line that begins so.</summary>
    public int Count(string beginning) => Lines.Count(line => line.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>What follows this word in its lines.</summary>
    public HashSet<string> Names(string word) =>
        [.. Lines.Select(line => line.Split(' ')).Where(words => words.Length > 1 && words[0] == word).Select(words => words[1])];

    /// <summary>Of the lines with these names, those that say when a handler begins and ends, without the numbers of deliveries.</summary>
    public string Course(params string[] names) =>
        string.Join(", ", Lines.Select(static line => line.Split(' ')).Where(words => words.Length > 1 && names.Contains(words[1])).Select(static words => $"{words[0]} {words[1]}"));

    /// <summary>SIGTERM.</summary>
    public void Stop() => process.Terminate();

    /// <summary>Waits until it has ended by itself, without an error.</summary>
    public async Task AssertStopsAsync()
    {
        int code = await process.ExitAsync(Timeout);
        Assert.True(code == 0, $"It ended with {code}:\n{process.Output}");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}

using System.Security.Cryptography;
using Messaging.Api.Commands;
using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Faults;

/// <summary>What the fault tests share. They run the real server on the machine's own clock; nothing of them replays.</summary>
internal static class Run
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static TimeProvider Clock => TimeProvider.System;

    public static int Seed() => RandomNumberGenerator.GetInt32(1_000_000);

    /// <summary>Waits for so many answers to a load that goes on; a load that ends before is a failed test.</summary>
    public static async Task UntilAnsweredAsync(CallLog history, int calls, Task load)
    {
        Task answered = history.MoreAnswersAsync(calls);
        if (await Task.WhenAny(answered, load).WaitAsync(Timeout, Clock) == answered) return;
        await load;
        throw new InvalidOperationException($"The load ended after {history.Answered} answers in all.");
    }

    /// <summary>Stops the server clean; every file of its folder is sound, and nothing is missing.</summary>
    public static async Task StopsSoundAsync(ServerProcess server, string data)
    {
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync(Timeout));
        using var report = new StringWriter();
        Assert.True(CheckCommand.Run([data], report, report) == 0, report.ToString());
    }

    /// <summary>All promises are kept.</summary>
    public static void Holds(ClientHistory history)
    {
        Assert.Equal(0, history.Damages);
        IReadOnlyList<string> broken = HistoryChecker.Check(history);
        Assert.True(broken.Count == 0, $"{broken.Count} broken promises:\n{string.Join('\n', broken.Take(20))}");
    }
}

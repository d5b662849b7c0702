using Messaging.Push.Mail;

namespace Messaging.Push.Tests.Mail;

/// <summary>A mail server on loopback that keeps each conversation once it is over.</summary>
internal sealed class TestMailServer : IAsyncDisposable
{
    private readonly List<SmtpScript> _scripts = [];
    private readonly ScriptedServer _server;

    public TestMailServer(TimeSpan pause = default) => _server = new ScriptedServer(async (stream, token) =>
    {
        var script = new SmtpScript();
        await Task.Delay(pause, TimeProvider.System, token);
        await script.RunAsync(stream, token);
        lock (_scripts) _scripts.Add(script);
    });

    public MailOptions Options => new() { Host = "127.0.0.1", Port = _server.Port };

    public int Connections => _server.Connections;

    /// <summary>Waits until so many are over.</summary>
    public async Task<IReadOnlyList<SmtpScript>> UntilAsync(int count)
    {
        for (int i = 0; i < 1_000 && All.Count < count; i++) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, default);
        Assert.True(All.Count >= count, $"{All.Count} of {count} mails came.");
        return All;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private IReadOnlyList<SmtpScript> All
    {
        get
        {
            lock (_scripts) return [.. _scripts];
        }
    }
}

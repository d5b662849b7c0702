namespace Messaging.TestKit.Processes;

/// <summary>How a server process is to be started. Immutable; one start may be used for many processes.</summary>
internal sealed record ServerStart(string DataFolder)
{
    /// <summary>Configuration by its full names, beyond the data folder and the address.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A program and its arguments that start the server, such as <see cref="Strace"/>; it must become the server (exec).</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>How long the server may take until it is ready.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public ServerStart Under(Strace strace) => this with { Launcher = strace.Launcher };
}

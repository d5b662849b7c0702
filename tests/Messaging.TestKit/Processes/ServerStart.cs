namespace Messaging.TestKit.Processes;

/// <summary>How a server process is to be started. Immutable; one start may be used for many processes.</summary>
internal sealed record ServerStart(string DataFolder)
{
    /// <summary>Configuration by its full names, beyond the data folder and the address.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The folder in which it is started; null: that of the tests.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>The program's words as they are; null: the data folder, a free port and the settings.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>The server as a program of its own; null: the built dll under dotnet.</summary>
    public string? Program { get; init; }

    /// <summary>A program and its arguments that start the server, such as <see cref="Strace"/>; it must become the server (exec).</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Changes the environment that it inherits from the tests; null: nothing.</summary>
    public Action<IDictionary<string, string?>>? Environment { get; init; }

    /// <summary>How long the server may take until it is ready.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>As an operator starts it: in an own folder, with these words and nothing else.</summary>
    public static ServerStart In(string folder, params string[] words) => new(Path.Combine(folder, "data")) { WorkingFolder = folder, Words = words };

    public ServerStart Under(Strace strace) => this with { Launcher = strace.Launcher };
}

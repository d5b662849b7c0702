namespace Messaging.TestKit.Processes;

/// <summary>How a script ended, with all that it printed. Immutable.</summary>
internal sealed record ScriptOutcome(string Name, int ExitCode, int Cases, string Output)
{
    /// <summary>A script that ran nothing has proved nothing.</summary>
    public bool Passed => ExitCode == 0 && Cases > 0;

    public override string ToString() => $"{Name} ended with {ExitCode} after {Cases} cases:\n{Output}";
}

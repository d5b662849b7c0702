namespace Messaging.TestKit.Postgres;

/// <summary>Where PostgreSQL's programs are, and how they run here: they refuse to be root.</summary>
internal static class PostgresPrograms
{
    private const string DebianFolder = "/usr/lib/postgresql";
    private static readonly string[] Users = ["postgres", "nobody"];

    /// <summary>An unprivileged user where the tests are root; else null.</summary>
    public static string? User { get; } = Environment.IsPrivilegedProcess ? FindUser() : null;

    /// <summary>Why no instance can be started here; null when one can.</summary>
    public static string? WhyNot()
    {
        if (Find("initdb") is null || Find("postgres") is null) return "postgresql is not installed";
        if (!Environment.IsPrivilegedProcess) return null;
        if (Requirement.Find("setpriv") is null) return "setpriv is not installed";
        return User is null ? "there is no user postgres or nobody to run postgresql as" : null;
    }

    /// <summary>The command line that runs a program of PostgreSQL.</summary>
    public static string[] Command(string program, params string[] arguments)
    {
        string path = Find(program) ?? throw new InvalidOperationException($"{program} is not installed.");
        // setpriv becomes the program: its process is ours to signal.
        return User is null
            ? [path, .. arguments]
            : ["setpriv", $"--reuid={User}", $"--regid={GroupOf(User)}", "--clear-groups", path, .. arguments];
    }

    // Debian keeps them out of PATH, one folder a version.
    private static string? Find(string program) =>
        (Directory.Exists(DebianFolder) ? Directory.EnumerateDirectories(DebianFolder) : [])
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin", program))
            .FirstOrDefault(File.Exists) ?? Requirement.Find(program);

    private static string? FindUser() => Users.FirstOrDefault(user => Entry(user) is not null);

    private static string GroupOf(string user) => Entry(user)![3];

    // name:password:user:group:...
    private static string[]? Entry(string user) =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == user && fields.Length > 3);
}

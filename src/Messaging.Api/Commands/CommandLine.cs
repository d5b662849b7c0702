namespace Messaging.Api.Commands;

/// <summary>
/// The words behind the program's name: <c>check</c>, <c>keys</c>, a request for help, or settings. The configuration passes over what it does not know, and
/// a server that starts with other settings than its operator meant is worse than one that does not start.
/// </summary>
internal static class CommandLine
{
    /// <summary>A word for one start only: kept in a file it would decide about a later contradiction that nobody has seen.</summary>
    public const string CatalogTruthName = "catalog-truth";

    public const string Usage = """
        usage: Messaging.Api [--<setting>=<value> ...]     serve; settings as in README.md, such as
                                                           --Messaging:DataDirectory=./data --Kestrel:Endpoints:Http:Url=http://127.0.0.1:8080
               ... --catalog-truth=postgres|mirror         for one start: which side holds where Postgres and the data folder contradict each other
               Messaging.Api check <data folder>           verify a data folder that no server has open
               Messaging.Api keys create|list|delete ...   access keys of a data folder that no server has open; alone it says how
               Messaging.Api --help                        this
        """;

    /// <summary>The sections and words that the host reads. Section names are checked further by who reads them.</summary>
    private static readonly string[] Roots = ["Messaging", "Kestrel", "Logging", "ConnectionStrings", "Environment", "ContentRoot", CatalogTruthName];

    public static bool AsksForHelp(string[] args) => args.Any(static word => word is "--help" or "-h" or "-?") || args is ["help"];

    /// <summary>What is wrong with the words of a start, in one line; null when each of them is a setting.</summary>
    public static string? Refuse(string[] args)
    {
        for (int index = 0; index < args.Length; index++)
        {
            string word = args[index];
            if (!word.StartsWith("--", StringComparison.Ordinal))
                return $"'{Unvalued(word)}' is neither a command nor a setting.";
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? word[2..] : word[2..equals];
            if (!Roots.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
                return $"'--{name}' is not a setting.";
            // The value may be a word of its own.
            if (equals < 0 && (++index == args.Length || args[index].StartsWith("--", StringComparison.Ordinal)))
                return $"'--{name}' has no value.";
        }
        return null;
    }

    /// <summary>The value of --catalog-truth; null where it is not given.</summary>
    public static string? CatalogTruth(string[] args)
    {
        int index = Array.FindLastIndex(args, word => word.Split('=')[0].Equals($"--{CatalogTruthName}", StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            return null;
        int equals = args[index].IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? args.ElementAtOrDefault(index + 1) : args[index][(equals + 1)..];
    }

    // A connection string that the shell has cut at a space: behind the sign may stand a password.
    private static string Unvalued(string word) => word.Contains('=', StringComparison.Ordinal) ? word[..(word.IndexOf('=', StringComparison.Ordinal) + 1)] + "..." : word;
}

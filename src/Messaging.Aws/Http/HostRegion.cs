namespace Messaging.Aws.Http;

/// <summary>The region that a host names, as in sqs.eu-west-1.example.org, sns.eu-west-1.example.org or eu-west-1.queue.example.org (Amazon SQS endpoints). Pure. Hot path.</summary>
internal static class HostRegion
{
    private const string OldService = ".queue.";

    private static readonly string[] Services = ["sqs.", "sns."];

    /// <summary>Null where it names none.</summary>
    public static string? Of(string? host)
    {
        if (host is null)
            return null;
        foreach (string service in Services)
        {
            if (!host.StartsWith(service, StringComparison.OrdinalIgnoreCase))
                continue;
            string rest = host[service.Length..];
            int dot = rest.IndexOf('.', StringComparison.Ordinal);
            return dot > 0 && IsRegion(rest.AsSpan(0, dot)) ? rest[..dot] : null;
        }
        int old = host.IndexOf(OldService, StringComparison.OrdinalIgnoreCase);
        return old > 0 && IsRegion(host.AsSpan(0, old)) ? host[..old] : null;
    }

    // Two letters, a word or several, a number.
    private static bool IsRegion(ReadOnlySpan<char> word) =>
        word.Length >= 6 && char.IsAsciiLetterLower(word[0]) && char.IsAsciiLetterLower(word[1]) && word[2] == '-' && char.IsAsciiDigit(word[^1]);
}

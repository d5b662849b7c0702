using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Names;

namespace Messaging.Aws.Topics;

/// <summary>Names of topics as Amazon SNS has them: letters, digits, hyphens and underscores, with ".fifo" behind that for a FIFO topic. A topic of another name is not seen here. Pure.</summary>
internal static class TopicNames
{
    public const string FifoSuffix = ".fifo";

    private static readonly SearchValues<char> Legal = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool IsFifo(string name) => name.EndsWith(FifoSuffix, StringComparison.Ordinal);

    public static bool IsLegal(string name)
    {
        ReadOnlySpan<char> stem = IsFifo(name) ? name.AsSpan(0, name.Length - FifoSuffix.Length) : name;
        return !stem.IsEmpty && name.Length <= SnsLimits.TopicNameCharactersMax && !stem.ContainsAnyExcept(Legal);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out TopicName name)
    {
        name = default;
        return text is not null && IsLegal(text) && TopicName.TryParse(text, out name);
    }
}

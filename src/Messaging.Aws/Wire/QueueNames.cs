using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Aws.Wire;

/// <summary>Names of queues as Amazon SQS has them: 1 to 80 letters, digits, hyphens and underscores, with ".fifo" behind that for a FIFO queue. A queue of another name is not seen here. Pure.</summary>
internal static class QueueNames
{
    public const string FifoSuffix = ".fifo";

    private static readonly SearchValues<char> Legal = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool IsFifo(string name) => name.EndsWith(FifoSuffix, StringComparison.Ordinal);

    public static bool IsLegal(string name)
    {
        ReadOnlySpan<char> stem = IsFifo(name) ? name.AsSpan(0, name.Length - FifoSuffix.Length) : name;
        return !stem.IsEmpty && name.Length <= AwsLimits.QueueNameCharactersMax && !stem.ContainsAnyExcept(Legal);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out QueueName name)
    {
        name = default;
        return utf8.Length <= AwsLimits.QueueNameCharactersMax && TryParse(Encoding.UTF8.GetString(utf8), out name);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out QueueName name)
    {
        name = default;
        return text is not null && IsLegal(text) && QueueName.TryParse(text, out name);
    }
}

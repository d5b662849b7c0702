using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Names;

namespace Messaging.Aws.Wire;

/// <summary>A queue as policies name it: arn:aws:sqs:region:account:name. A value.</summary>
internal readonly record struct QueueArn(string Region, AccountId Account, QueueName Name)
{
    private const string Start = "arn:aws:sqs:";
    private const int Parts = 6;

    /// <summary>False for what names no queue that could be here.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out QueueArn arn)
    {
        arn = default;
        if (text is null || !text.StartsWith(Start, StringComparison.Ordinal))
            return false;
        string[] parts = text.Split(':', Parts);
        if (parts.Length < Parts || parts[3].Length == 0 || !AccountId.TryParse(parts[4], out AccountId account) || !QueueNames.TryParse(parts[5], out QueueName name))
            return false;
        arn = new QueueArn(parts[3], account, name);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Start}{Region}:{Account}:{Name}";
}

using System.Text;

namespace Messaging.Aws.Messages;

/// <summary>The attributes that the service adds to a message (API Reference, ReceiveMessage, MessageSystemAttributeNames).</summary>
[Flags]
internal enum SystemAttributes
{
    None = 0,
    SenderId = 1,
    SentTimestamp = 2,
    ApproximateReceiveCount = 4,
    ApproximateFirstReceiveTimestamp = 8,
    SequenceNumber = 16,
    MessageDeduplicationId = 32,
    MessageGroupId = 64,
    AWSTraceHeader = 128,
    DeadLetterQueueSourceArn = 256,
    All = 511,
}

/// <summary>Their names. Pure. Hot path.</summary>
internal static class SystemAttributeNames
{
    private static readonly (byte[] Name, SystemAttributes Flag)[] Names =
        [.. Enum.GetValues<SystemAttributes>().Where(static one => one != SystemAttributes.None).Select(static one => (Encoding.ASCII.GetBytes(one.ToString()), one))];

    public static bool TryParse(ReadOnlySpan<byte> name, out SystemAttributes flag)
    {
        foreach ((byte[] known, SystemAttributes one) in Names)
        {
            flag = one;
            if (name.SequenceEqual(known))
                return true;
        }
        flag = SystemAttributes.None;
        return false;
    }
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Aws.Wire;
using Messaging.Broker.Operations;

namespace Messaging.Aws.Queues;

/// <summary>What a move task is cancelled by: its id and the ARN of its source, which says where the task is. A value.</summary>
/// <remarks>Text: base64url of the id, a slash and the ARN.</remarks>
internal readonly record struct TaskHandle(OperationId Id, QueueArn Source)
{
    private const int IdTextLength = 36;
    private const int TextLengthMax = 512;

    /// <summary>False for what is no handle of this server.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TaskHandle handle)
    {
        handle = default;
        if (text is null || text.Length > TextLengthMax || !Base64Url.IsValid(text))
            return false;
        string plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        if (plain.Length <= IdTextLength || plain[IdTextLength] != '/')
            return false;
        if (!OperationId.TryParse(plain[..IdTextLength], out OperationId id) || !QueueArn.TryParse(plain[(IdTextLength + 1)..], out QueueArn source))
            return false;
        handle = new TaskHandle(id, source);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Id}/{Source}"));
}

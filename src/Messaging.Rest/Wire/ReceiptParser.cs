using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>A receipt as a JSON string. Whether it is one is the broker's to say, by its MAC. Hot path: no allocation.</summary>
internal static class ReceiptParser
{
    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, out Receipt receipt)
    {
        receipt = default;
        if (JsonText.Bytes(ref reader, document, "", out ReadOnlyMemory<byte> text) is { } problem)
            return problem with { Field = null };
        return Receipt.TryParse(text.Span, out receipt) ? null : Problem.Of(ErrorCode.ReceiptInvalid, "Not a receipt of this server.");
    }
}

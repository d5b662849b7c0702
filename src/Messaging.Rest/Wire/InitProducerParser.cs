using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>What a producer asks for when it asks for its id.</summary>
internal static class InitProducerParser
{
    private const int TransactionalIdField = 0;

    public static readonly FieldTable Fields = new(["transactionalId", "transactionTimeoutSeconds"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box box)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return null;
            Problem? problem = field == TransactionalIdField
                ? ReadId(ref reader, document, box)
                : JsonText.Integer(ref reader, "transactionTimeoutSeconds", 1, ProducerLimits.TransactionTimeoutSecondsMax, out box.TimeoutSeconds);
            if (problem is not null)
                return problem;
        }
    }

    private static Problem? ReadId(ref Utf8JsonReader reader, RequestDocument document, Box box)
    {
        if (JsonText.Text(ref reader, document, "transactionalId", out string text) is { } problem)
            return problem;
        bool isLegal = TransactionalId.TryParse(text, out TransactionalId id);
        box.TransactionalId = isLegal ? id : null;
        return isLegal ? null : Problem.Invalid("transactionalId", $"Must be 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.");
    }

    /// <summary>What has been read.</summary>
    internal sealed class Box
    {
        public TransactionalId? TransactionalId;
        public int TimeoutSeconds = ProducerLimits.TransactionTimeoutSecondsDefault;
    }
}

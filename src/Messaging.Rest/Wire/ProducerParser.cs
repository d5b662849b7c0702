using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The producer of a publish: its id and epoch, and its open transaction, which is named by the epoch. Hot path.</summary>
internal static class ProducerParser
{
    public const string Place = "producer";

    private const int Id = 0, Epoch = 1, Transaction = 2;
    private const uint Needed = (1u << Id) | (1u << Epoch);

    public static readonly FieldTable Fields = new(["id", "epoch", "transaction"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, out ProducerClaim producer)
    {
        producer = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("", "Must be an object with id and epoch.") with { Field = null };
        (long id, int epoch, string? transaction) = (0, 0, null);
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                break;
            Problem? problem = field switch
            {
                Id => JsonText.Integer(ref reader, "id", 0, long.MaxValue, out id),
                Epoch => JsonText.Integer(ref reader, "epoch", 0, short.MaxValue, out epoch),
                Transaction => JsonText.Text(ref reader, document, "transaction", out transaction!),
                _ => throw new UnreachableException($"Field {field} has no case."),
            };
            if (problem is not null)
                return problem;
        }

        if ((seen & Needed) != Needed)
            return Problem.Of(FrontCode.MissingField, "A producer has an id and an epoch.", (seen & (1u << Id)) == 0 ? "id" : "epoch");
        if (transaction is not null && transaction != NameOf((short)epoch))
            return Problem.Invalid("transaction", "Is not the transaction of this epoch: each has one of its own.");
        producer = new ProducerClaim(id, (short)epoch, transaction is not null);
        return null;
    }

    /// <summary>What the transaction of an epoch is called.</summary>
    public static string NameOf(short epoch) => epoch.ToString(CultureInfo.InvariantCulture);
}

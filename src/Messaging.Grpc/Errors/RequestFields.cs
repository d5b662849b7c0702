using System.Text.Encodings.Web;
using System.Text.Json;

namespace Messaging.Grpc.Errors;

/// <summary>
/// Where a request has the field that the broker refuses. The broker tells fields in REST's words and places; where a request of gRPC has them elsewhere, or by another name, this says it, and nothing else does. Pure.
/// </summary>
internal static class RequestFields
{
    private const string Policy = "filter.policy";

    private static readonly string[] Maps = ["attributes", "tags", "annotations"];

    /// <summary>
    /// Of what has a map: its key stands in brackets, as a text of JSON (<c>attributes["a.b"]</c>), where REST has it behind a dot. Nothing stands behind a key, which may have dots itself.
    /// </summary>
    public static string OfMaps(string field)
    {
        for (int start = 0, dot; (dot = field.IndexOf('.', start)) >= 0; start = dot + 1)
        {
            if (Maps.Contains(field[start..dot]))
                return $"{field[..dot]}[\"{JsonEncodedText.Encode(field[(dot + 1)..], JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"]";
        }
        return field;
    }

    /// <summary>Of a page of a list.</summary>
    public static string OfPage(string field) => field is "pageToken" or "after" ? "page.token" : field;

    /// <summary>Of a definition that is put or patched. A place inside a policy, which is a text here, stands in the detail.</summary>
    public static string OfDefinition(string field) => "definition." + field switch
    {
        "target.queue" => "target.queue.name",
        "target.url" => "target.http.url",
        "target.email" => "target.email.address",
        "target.function" => "target.function.url",
        "target.gateway" => "target.gateway.protocol",
        "target.endpoint" => "target.gateway.endpoint",
        _ when field.StartsWith(Policy, StringComparison.Ordinal) => Policy,
        _ => OfMaps(field),
    };

    /// <summary>Of an entry of a document of definitions: its names stand beside its definition.</summary>
    public static string OfEntry(string field) => field is "name" or "namespace" or "topic" ? field : OfDefinition(field);

    /// <summary>Of a record batch, which is told as a whole: what is wrong inside it stands in the detail.</summary>
    public static string OfBatch(string field) => field == "partition" ? field : "batch";

    /// <summary>Of the end of a transaction, which is named by its producer's epoch.</summary>
    public static string OfTransactionEnd(string field) => field switch { "producer.id" => "producerId", "producer.epoch" => "transaction", _ => field };

    /// <summary>Of a replay: REST's word for its start is one of Python's own, which no field can have there.</summary>
    public static string OfReplay(string field) => field == "from" ? "startAt" : field;

    /// <summary>Of a reset: to one offset the broker is given an entry for each of the topics, and of another it does not say the place.</summary>
    public static string OfReset(string field)
    {
        const string Entries = "offsets", Topics = "topics";
        if (!field.StartsWith(Entries, StringComparison.Ordinal))
            return field == "partition" ? Topics : field;
        return field.EndsWith(".offset", StringComparison.Ordinal) ? "offset" : Topics + field[Entries.Length..];
    }
}

using System.Text.Json.Nodes;

namespace Messaging.TestKit.Contracts;

/// <summary>A row of the table of errors in api/aws: the type of JSON, the code of Query, both statuses. A value.</summary>
public sealed record AwsErrorNames(string Type, string Code, int JsonStatus, int QueryStatus)
{
    internal static AwsErrorNames Of(JsonNode row) =>
        new(row["type"]!.GetValue<string>(), row["code"]!.GetValue<string>(), (int)row["jsonStatus"]!.GetValue<long>(), (int)row["queryStatus"]!.GetValue<long>());
}

using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>PUT /v1/groups/{group}/offsets: the group goes on at these offsets, all of them or none (204).</summary>
internal sealed class PutGroupOffsets(Front front)
{
    private const string Example = """{"offsets":[{"topic":"events","partition":0,"offset":0}]}""";

    public static readonly FieldTable Fields = new(["offsets"]);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var offsets = new List<OffsetEntry>();
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, offsets, Parse);
        if (refused is not null)
            return refused;
        Result<bool> put = await groups.PutOffsetsAsync(group, offsets, CancellationToken.None);
        if (!put.IsOk)
            return Problem.Of(put.Error);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, List<OffsetEntry> offsets)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The call has offsets, an array with at least one entry.", "offsets") : null;
            if (GroupPlaceParser.List<OffsetEntry>(ref reader, document, "offsets", OffsetEntryParser.Read, out List<OffsetEntry> read) is { } problem)
                return problem;
            offsets.AddRange(read);
        }
    }
}

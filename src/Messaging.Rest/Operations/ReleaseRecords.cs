using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/groups/{group}/release: what a fetch was given is there for the next one at once (204).</summary>
internal sealed class ReleaseRecords(Front front)
{
    private const string Example = """{"token":"..."}""";

    public static readonly FieldTable Fields = new(["token"]);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var read = new Box();
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, read, Parse);
        if (refused is not null)
            return refused;
        Result<bool> released = await groups.ReleaseAsync(group, read.Token!, CancellationToken.None);
        if (!released.IsOk)
            return Problem.Of(released.Error);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, Box read)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The call has the token of a fetch.", "token") : null;
            if (CommitTokenText.Read(ref reader, document, "token", out read.Token) is { } problem)
                return problem;
        }
    }

    private sealed class Box
    {
        public CommitToken? Token;
    }
}

using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/groups/{group}/commit: what a token says (204), or offsets, each with its own result.</summary>
internal sealed class CommitOffsets(Front front)
{
    private const string Example = """{"token":"..."}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        using var draft = new CommitDraft();
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, draft, CommitDraft.Parse);
        if (refused is not null)
            return refused;
        if (draft.Token is { } token)
            return await CommitAsync(context, groups, group, token);
        Result<BrokerError?[]> done = draft.Entries.Accepted.IsEmpty
            ? Array.Empty<BrokerError?>()
            : await groups.CommitAsync(group, draft.ToCommit(), CancellationToken.None);
        if (!done.IsOk)
            return Problem.Of(done.Error);
        await JsonBatch.AnswerAsync(context, CommitDraft.Place, draft.Entries, done.Value, ErrorOf, Write);
        return null;
    }

    private static async Task<Problem?> CommitAsync(HttpContext context, GroupBroker groups, GroupKey group, CommitToken token)
    {
        Result<bool> done = await groups.CommitAsync(group, token, CancellationToken.None);
        if (!done.IsOk)
            return Problem.Of(done.Error);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private static BrokerError? ErrorOf(in BrokerError? outcome) => outcome;

    private static void Write(Utf8JsonWriter writer, in BrokerError? outcome)
    {
        // An offset that is committed has nothing to tell.
    }
}

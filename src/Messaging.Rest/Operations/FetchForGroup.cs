using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/groups/{group}/fetch: records that the caller has to itself for a while, and a token that commits them. One answer of JSON; a broker that stops answers who waits with nothing. Hot path.
/// </summary>
internal sealed class FetchForGroup(Front front)
{
    private const string Example = """{"topics":["events"],"max":100,"waitSeconds":10}""";

    private static readonly Problem Overloaded = Problem.Of(
        ErrorCode.Overloaded, "Too many large answers are being read; ask for less by maxBytes or max, for base64 by encoding, or again later.");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var encoding = BodyEncoding.Auto;
        var read = new GroupFetchParser.Box();
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request, EncodingParameter.Name)
            ?? EncodingParameter.Read(context.Request, ref encoding)
            ?? await JsonBody.ReadAsync(context, front, Example, read, GroupFetchParser.Read);
        if (refused is not null)
            return refused;
        Result<GroupRecords> fetched = await groups.FetchAsync(group, read.ToRequest(), context.RequestAborted);
        if (!fetched.IsOk)
            return Problem.Of(fetched.Error);
        using var answer = BufferedAnswer.Rent();
        if (await ComposeAsync(answer, groups, group, fetched.Value, encoding) is { } problem)
            return problem;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }

    // The records' memory is given back before the answer goes out. What can't be told now is there for the next fetch at once.
    private async ValueTask<Problem?> ComposeAsync(BufferedAnswer answer, GroupBroker groups, GroupKey group, GroupRecords fetched, BodyEncoding encoding)
    {
        using GroupRecords records = fetched;
        long bytes = 0;
        for (int i = 0; i < records.Count; i++)
            bytes += records.RecordsOf(i).Bytes;
        var page = new GroupRecordsPage(records, encoding);
        bool hasPlace = await front.Budgets.ComposeAsync(answer, bytes, front.Clock, page, static (answer, page) => page.Write(answer.Writer));
        if (hasPlace && records.Refusal is null)
            return null;
        if (records.Token() is { } token)
            await groups.ReleaseAsync(group, token, CancellationToken.None);
        return records.Refusal is { } refusal ? Problem.Of(refusal) : Overloaded;
    }
}

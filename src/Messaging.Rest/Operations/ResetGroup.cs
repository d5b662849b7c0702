using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/groups/{group}/reset: the group goes on at an end, at a time or at an offset; answers the offsets that it has now.</summary>
internal sealed class ResetGroup(Front front)
{
    private const string Example = """{"to":"earliest"}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var read = new ResetParser.Box();
        Problem? refused = front.OpenGroup(context, out GroupBroker groups, out GroupKey group)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, read, ResetParser.Read);
        if (refused is not null)
            return refused;
        Result<IReadOnlyList<OffsetEntry>> set = read.Offset is { } offset
            ? await PutAsync(groups, group, read.Targets, offset)
            : await groups.ResetAsync(group, new OffsetReset(read.At, read.Targets), CancellationToken.None);
        return set.IsOk ? await ListAnswer.SendAsync(context, front, "offsets", set.Value, nextPageToken: null, GroupWriter.Write) : Problem.Of(set.Error);
    }

    private static async ValueTask<Result<IReadOnlyList<OffsetEntry>>> PutAsync(GroupBroker groups, GroupKey group, List<ResetTarget> targets, long offset)
    {
        List<OffsetEntry> offsets = targets.ConvertAll(target => new OffsetEntry(target.Topic, target.Partition!.Value, offset));
        Result<bool> put = await groups.PutOffsetsAsync(group, offsets, CancellationToken.None);
        return put.IsOk ? offsets : put.Error;
    }
}

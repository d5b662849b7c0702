using System.Text;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;

namespace Messaging.Rest;

/// <summary>A document of definitions that comes out of a file and not of a request: read and applied by the same rules as <c>PUT /v1/definitions</c>.</summary>
public static class DefinitionsFile
{
    /// <summary>The largest file that is taken, as the body of a request.</summary>
    public const int BytesMax = RestLimits.DefinitionsBytesMax;

    private const int ErrorsNamed = 3;

    /// <summary>
    /// Applies the document, or nothing of it. The refusal's detail names the first things that are wrong, in one line, and its code is <see cref="ErrorCode.InvalidValue"/>
    /// whatever is wrong with the file; others are the broker's own.
    /// </summary>
    public static async ValueTask<Result<AppliedDefinitions>> ApplyAsync(MessageBroker broker, ReadOnlyMemory<byte> json)
    {
        ReadOnlyMemory<byte> text = json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        var draft = new DefinitionsDraft(AccountId.Default, NamespaceName.Default);
        using (var document = new RequestDocument(text, "The file"))
        {
            if (JsonRequest.Parse(document, draft, DefinitionsParser.Read) is { } problem)
                return new BrokerError(ErrorCode.InvalidValue, Line(problem));
        }
        Result<AppliedDefinitions> applied = await draft.ApplyAsync(broker, default, dryRun: false);
        return applied.IsOk && draft.ErrorCount > 0 ? new BrokerError(ErrorCode.InvalidValue, Line(draft)) : applied;
    }

    private static string Line(DefinitionsDraft draft)
    {
        string named = string.Join(" ", draft.Errors.Take(ErrorsNamed).Select(Line));
        int more = draft.ErrorCount - ErrorsNamed;
        return more > 0 ? $"{named} And {more} more." : named;
    }

    private static string Line(Problem problem) => problem.Field is null ? problem.Detail : $"{problem.Field}: {problem.Detail}";
}

using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// PUT /v1/definitions: afterwards every queue, topic and subscription of the document is as it says, or, where one entry is wrong, nothing has changed and all that is wrong is
/// listed. What it does not name is left alone. With dryRun=true only told.
/// </summary>
internal sealed class PutDefinitions(Front front)
{
    public static readonly string[] QueryParameters = ["dryRun"];

    private const string Example = """{"queues":[{"name":"orders","leaseSeconds":60}],"topics":[{"name":"events","partitions":3}]}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        bool dryRun = false;
        Precondition precondition = default;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space, takesPreconditions: true)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? QueryFields.Boolean(context.Request, "dryRun", ref dryRun)
            ?? Preconditions.Read(context.Request.Headers, out precondition)
            ?? MediaTypes.CheckJson(context.Request, Example);
        if (refused is not null)
            return refused;
        var draft = new DefinitionsDraft(CallAccount.Of(context), space);
        if (await ReadAsync(context, draft) is { } problem)
            return problem;
        Result<AppliedDefinitions> applied = await draft.ApplyAsync(broker, precondition, dryRun);
        if (!applied.IsOk)
            return Problem.Of(applied.Error);
        if (draft.ErrorCount > 0)
            await AnswerErrorsAsync(context, draft);
        else
            await AnswerAsync(context, applied.Value);
        return null;
    }

    // Nothing of the draft points into the body, which is given back before the broker is asked.
    private async Task<Problem?> ReadAsync(HttpContext context, DefinitionsDraft draft)
    {
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Definitions);
        if (unread is not null)
            return unread;
        using (body)
        {
            using var document = new RequestDocument(body.Bytes);
            return JsonRequest.Parse(document, draft, DefinitionsParser.Read);
        }
    }

    private async Task AnswerAsync(HttpContext context, AppliedDefinitions applied)
    {
        Preconditions.SetTag(context.Response, applied.Version);
        using var answer = BufferedAnswer.Rent();
        DefinitionsWriter.Write(answer.Writer, applied);
        // What is done is told, with a place in the budget or without; with one it has a deadline.
        _ = answer.TryReserve(front.AnswerBudget, front.Clock);
        await answer.SendAsync(context, StatusCodes.Status200OK);
    }

    private static async Task AnswerErrorsAsync(HttpContext context, DefinitionsDraft draft)
    {
        IReadOnlyList<Problem> errors = draft.Errors;
        using var answer = BufferedAnswer.Rent();
        DefinitionsWriter.WriteErrors(answer.Writer, errors, draft.ErrorCount);
        ProblemAnswer.SetRetryAfter(context, errors[0]);
        await answer.SendAsync(context, errors[0].Kind.Status, ProblemAnswer.MediaType);
    }
}

using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/topics/{topic}/subscriptions/{subscription}/confirm: whoever has the token that the endpoint or the mailbox was sent agrees to the subscription. One that is confirmed already stays so.
/// </summary>
internal sealed class ConfirmSubscription(Front front)
{
    private const string TokenField = "token";
    private const string Example = """{"token":"..."}""";

    public static readonly FieldTable Fields = new([TokenField]);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        var token = new Token();
        Problem? refused = front.OpenSubscription(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription)
            ?? QueryFields.Check(context.Request)
            ?? await JsonBody.ReadAsync(context, front, Example, token, Parse);
        if (refused is not null)
            return refused;
        Result<SubscriptionDescription> confirmed = await subscriptions.ConfirmAsync(subscription.Topic, subscription.Name, token.Text, CancellationToken.None);
        if (!confirmed.IsOk)
            return Problem.Of(confirmed.Error, subscription.Topic);
        await SubscriptionDocument.AnswerAsync(context, confirmed.Value, isCreated: false);
        return null;
    }

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, Token token)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The token that the endpoint was sent.", TokenField) : null;
            Problem? problem = JsonText.Text(ref reader, document, TokenField, out string text);
            token.Text = text;
            if (problem is not null)
                return problem;
        }
    }

    private sealed class Token
    {
        public string Text { get; set; } = "";
    }
}

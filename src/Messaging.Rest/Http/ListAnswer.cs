using System.Text.Json;
using Messaging.Broker;
using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>One page of a list: the items in an array of the given name, and the token of the next page where there is one.</summary>
internal static class ListAnswer
{
    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask for smaller pages, or again later.");

    public static async Task<Problem?> SendAsync<TItem>(
        HttpContext context, Front front, string name, IReadOnlyList<TItem> items, string? nextPageToken, Action<Utf8JsonWriter, TItem> write)
    {
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray(name);
        foreach (TItem item in items)
            write(answer.Writer, item);
        answer.Writer.WriteEndArray();
        if (nextPageToken is not null)
            answer.Writer.WriteString("nextPageToken"u8, nextPageToken);
        answer.Writer.WriteEndObject();
        if (!answer.TryReserve(front.AnswerBudget, front.Clock))
            return Overloaded;
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}

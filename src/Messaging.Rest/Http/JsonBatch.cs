using System.Text.Json;
using Messaging.Broker;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>Why the broker refused the entry, or null.</summary>
internal delegate BrokerError? OutcomeError<TOutcome>(in TOutcome outcome);

/// <summary>Writes the members of a result that succeeded.</summary>
internal delegate void OutcomeWriter<TOutcome>(Utf8JsonWriter writer, in TOutcome outcome);

/// <summary>
/// The answer to many entries, in their order: all succeeded 200, some 207, none the first one's status as a problem that carries the same
/// results. Hot path.
/// </summary>
internal static class JsonBatch
{
    /// <summary>Answers; <paramref name="place"/> is the field that holds the entries, for the places in problems.</summary>
    public static async Task AnswerAsync<TEntry, TOutcome>(
        HttpContext context, string place, EntryList<TEntry> entries, TOutcome[] outcomes, OutcomeError<TOutcome> errorOf, OutcomeWriter<TOutcome> write)
    {
        Problem?[]? problems = Problems(place, entries, outcomes, errorOf, out int failed);
        bool allFailed = failed == entries.Count;
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        if (allFailed)
            problems![0]!.WriteMembers(answer.Writer);
        WriteResults(answer.Writer, entries, problems, outcomes, write);
        answer.Writer.WriteEndObject();
        if (allFailed)
            ProblemAnswer.SetRetryAfter(context, problems![0]!);
        int status = failed == 0 ? StatusCodes.Status200OK : allFailed ? problems![0]!.Kind.Status : StatusCodes.Status207MultiStatus;
        await answer.SendAsync(context, status, allFailed ? ProblemAnswer.MediaType : BufferedAnswer.MediaType);
    }

    /// <summary>The problem of each entry, whoever refused it; null, and nothing is allocated, when none was.</summary>
    private static Problem?[]? Problems<TEntry, TOutcome>(
        string place, EntryList<TEntry> entries, TOutcome[] outcomes, OutcomeError<TOutcome> errorOf, out int failed)
    {
        failed = entries.RefusedCount;
        foreach (ref readonly TOutcome outcome in outcomes.AsSpan())
            failed += errorOf(in outcome) is null ? 0 : 1;
        if (failed == 0)
            return null;
        var problems = new Problem?[entries.Count];
        for (int entry = 0, next = 0; entry < problems.Length; entry++)
        {
            problems[entry] = entries.RefusalAt(entry);
            if (problems[entry] is null && errorOf(in outcomes[next++]) is { } error)
                problems[entry] = Problem.OfEntry(error, $"{place}[{entry}]");
        }
        return problems;
    }

    private static void WriteResults<TEntry, TOutcome>(
        Utf8JsonWriter writer, EntryList<TEntry> entries, Problem?[]? problems, TOutcome[] outcomes, OutcomeWriter<TOutcome> write)
    {
        writer.WriteStartArray("results"u8);
        for (int entry = 0, outcome = 0; entry < entries.Count; entry++)
        {
            writer.WriteStartObject();
            if (problems?[entry] is { } problem)
                WriteError(writer, problem);
            else
                write(writer, in outcomes[outcome]);
            writer.WriteEndObject();
            // What the front refused has no outcome.
            outcome += entries.RefusalAt(entry) is null ? 1 : 0;
        }
        writer.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter writer, Problem problem)
    {
        writer.WriteStartObject("error"u8);
        problem.WriteEntryMembers(writer);
        writer.WriteEndObject();
    }
}

using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>Why the broker refused the entry, or null.</summary>
internal delegate BrokerError? OutcomeError<TOutcome>(in TOutcome outcome);

/// <summary>The result of an entry: of its outcome, or where <paramref name="error"/> is given, of that alone.</summary>
internal delegate TResult OutcomeResult<TOutcome, TResult>(in TOutcome outcome, V1.EntryError? error);

/// <summary>
/// The answer to many entries, in their order. A call of which no entry succeeded is refused as the first of them was, and says of each why; on a stream, where a refusal would end what comes after it, it is answered
/// like any other. Hot path.
/// </summary>
internal static class BatchAnswer
{
    /// <summary>Fills in the results; throws where all failed. <paramref name="place"/> is the field that holds the entries.</summary>
    public static void Fill<TEntry, TOutcome, TResult>(
        string place, Entries<TEntry> entries, ReadOnlySpan<TOutcome> outcomes, RepeatedField<TResult> results, OutcomeError<TOutcome> errorOf, OutcomeResult<TOutcome, TResult> resultOf)
    {
        BrokerError?[]? errors = Errors(place, entries, outcomes, errorOf, out int failed);
        if (failed == entries.Count)
            throw Refusal.Of(errors![0]!, new V1.BatchFailure { Errors = { Refusal.Fitting(errors.Select(static error => Refusal.Told(error)!)) } });
        Add(entries, errors, outcomes, results, resultOf);
    }

    /// <summary>Fills in the results, also where all failed.</summary>
    public static void FillAny<TEntry, TOutcome, TResult>(
        string place, Entries<TEntry> entries, ReadOnlySpan<TOutcome> outcomes, RepeatedField<TResult> results, OutcomeError<TOutcome> errorOf, OutcomeResult<TOutcome, TResult> resultOf) =>
        Add(entries, Errors(place, entries, outcomes, errorOf, out _), outcomes, results, resultOf);

    /// <summary>All of them, where one that the front refused refuses the call: throws the first one's refusal, at its place.</summary>
    public static ReadOnlyMemory<TEntry> All<TEntry>(string place, Entries<TEntry> entries)
    {
        for (int entry = 0; entries.RefusedCount > 0 && entry < entries.Count; entry++)
        {
            if (entries.RefusalAt(entry) is { } error)
                throw Refusal.Of(At(error, place, entry));
        }
        return entries.Accepted;
    }

    private static void Add<TEntry, TOutcome, TResult>(
        Entries<TEntry> entries, BrokerError?[]? errors, ReadOnlySpan<TOutcome> outcomes, RepeatedField<TResult> results, OutcomeResult<TOutcome, TResult> resultOf)
    {
        TOutcome none = default!;
        results.Capacity = entries.Count;
        for (int entry = 0, next = 0; entry < entries.Count; entry++)
        {
            // What the front refused has no outcome.
            bool hasOutcome = entries.RefusalAt(entry) is null;
            results.Add(resultOf(hasOutcome ? outcomes[next++] : none, Refusal.Told(errors?[entry])));
        }
    }

    // The error of each entry, whoever refused it; null, and nothing is allocated, where none was.
    private static BrokerError?[]? Errors<TEntry, TOutcome>(
        string place, Entries<TEntry> entries, ReadOnlySpan<TOutcome> outcomes, OutcomeError<TOutcome> errorOf, out int failed)
    {
        failed = entries.RefusedCount;
        foreach (ref readonly TOutcome outcome in outcomes)
            failed += errorOf(in outcome) is null ? 0 : 1;
        if (failed == 0)
            return null;
        var errors = new BrokerError?[entries.Count];
        for (int entry = 0, next = 0; entry < errors.Length; entry++)
        {
            if ((entries.RefusalAt(entry) ?? errorOf(in outcomes[next++])) is { } error)
                errors[entry] = At(error, place, entry);
        }
        return errors;
    }

    // The broker counts the entries that it was given, and the client those that it sent; what names no entry is the call's.
    private static BrokerError At(BrokerError error, string place, int entry)
    {
        string field = error.Field ?? "";
        int end = field.IndexOf(']', StringComparison.Ordinal) + 1;
        return field.Length > 0 && end == 0 ? error : error with { Field = RequestFields.OfMaps($"{place}[{entry}]{field[end..]}") };
    }
}

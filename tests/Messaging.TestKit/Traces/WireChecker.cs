using System.Text.RegularExpressions;
using Messaging.Storage.Journal;

namespace Messaging.TestKit.Traces;

/// <summary>
/// Holds every success on the wire against the journal (engine.md invariant 1): the frame that carries it was written after the request had
/// arrived, and a sync of its file that began after that write had returned success before the answer began. Needs one client per queue, with
/// one call at a time, whose sends carry a marker "marker-…-" each: then a queue's entries between a request and its answer are that request's.
/// </summary>
internal static partial class WireChecker
{
    public static WireVerdict Check(IReadOnlyList<SystemCall> calls)
    {
        IReadOnlyList<JournalWrite> writes = JournalWrites.Of(calls);
        var streams = new Dictionary<string, long>(StringComparer.Ordinal);
        var broken = new List<string>();
        var held = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (WireCall call in WireCalls.Of(calls).Where(PromisesSomething))
        {
            Func<JournalWrite.Entry, bool> carries;
            if (call.Operation.StartsWith("POST/messages", StringComparison.Ordinal))
            {
                string marker = Marker().Match(call.Request).Value;
                if (marker.Length == 0)
                {
                    broken.Add($"A send to {call.Queue} carries no marker.");
                    continue;
                }

                carries = entry => entry.Type == EntryType.Records && entry.Bytes.Contains(marker, StringComparison.Ordinal);
                foreach (JournalWrite.Entry entry in writes.SelectMany(write => write.Entries).Where(carries))
                    streams[call.Queue] = entry.Stream;
            }
            else if (streams.TryGetValue(call.Queue, out long stream))
                carries = entry => entry.Type == EntryType.State && entry.Stream == stream;
            else
            {
                broken.Add($"{call.Operation} of {call.Queue}: nothing was written for the queue before.");
                continue;
            }

            held[call.Operation] = held.GetValueOrDefault(call.Operation) + 1;
            Judge(call, [.. writes.Where(write => write.Write.Began > call.Arrived && write.Write.Began < call.Answered && write.Entries.Any(carries))], broken);
        }

        return new WireVerdict(held, broken);
    }

    private static void Judge(WireCall call, JournalWrite[] carriers, List<string> broken)
    {
        if (carriers.Length == 0)
            broken.Add($"{call.Operation} of {call.Queue} was answered at {call.Answered}, and no frame carries it.");
        foreach (JournalWrite carrier in carriers.Where(carrier => carrier.Synced >= call.Answered))
            broken.Add($"{call.Operation} of {call.Queue} was answered at {call.Answered}, before the frame of {carrier.Write.Began} was synced ({(carrier.Synced == SystemCall.Never ? "never" : carrier.Synced)}).");
    }

    // A receive that brings nothing promises nothing.
    private static bool PromisesSomething(WireCall call) => call.Status is 200 or 207 && call.Operation switch
    {
        "POST/receive" => !call.Answer.Contains("\"messages\":[]", StringComparison.Ordinal),
        "POST/messages" or "POST/messages/raw" or "POST/acknowledge" or "POST/extend" or "POST/release" => true,
        _ => false,
    };

    [GeneratedRegex(@"marker-[a-z0-9-]+-(?![a-z0-9-])")]
    private static partial Regex Marker();
}

/// <summary>How many successes of each operation were held against the journal, and those that were early.</summary>
internal sealed record WireVerdict(IReadOnlyDictionary<string, int> Held, IReadOnlyList<string> Broken);

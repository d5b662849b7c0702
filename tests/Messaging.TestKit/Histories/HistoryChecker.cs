namespace Messaging.TestKit.Histories;

/// <summary>
/// Judges a <see cref="ClientHistory"/> by the promises of engine.md section 10. A call without an answer may have happened or not;
/// everything else is strict. Pure.
/// </summary>
internal static class HistoryChecker
{
    /// <summary>The server's times are in whole milliseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    /// <summary>Every broken promise, in words. <paramref name="drained"/>: the queue has been emptied, so that what is missing is lost.</summary>
    public static IReadOnlyList<string> Check(ClientHistory history, bool drained = true)
    {
        var broken = new List<string>();
        var sends = history.Sends.ToDictionary(send => send.Key, StringComparer.Ordinal);
        ILookup<string, Sighting> sightings = history.Receives
            .SelectMany(receive => receive.Deliveries.Select(delivery => new Sighting(receive, delivery)))
            .ToLookup(sighting => sighting.Delivery.Id, StringComparer.Ordinal);
        ILookup<string, SettleEvent> settles = history.Settles.ToLookup(settle => settle.Id, StringComparer.Ordinal);
        ReceiveEvent[] unanswered = [.. history.Receives.Where(receive => receive.Outcome == Outcome.Unknown)];

        foreach (IGrouping<string, Sighting> message in sightings)
        {
            Sighting[] inOrder = [.. message.OrderBy(sighting => sighting.Delivery.ReceiveCount).ThenBy(sighting => sighting.Receive.Time.Ended)];
            CheckBodies(message.Key, inOrder, sends, broken);
            CheckCounts(message.Key, inOrder, unanswered, broken);
            CheckLeases(message.Key, inOrder, settles[message.Key], broken);
        }

        foreach (IGrouping<string, SettleEvent> message in settles)
            CheckSettles(message.Key, [.. message], sightings[message.Key], unanswered, broken);
        CheckIdentities(sends, sightings, broken);
        if (drained)
            CheckNothingLost(history, sightings, settles, broken);
        return broken;
    }

    private static void CheckBodies(string id, Sighting[] inOrder, Dictionary<string, SendEvent> sends, List<string> broken)
    {
        foreach (Delivery delivery in inOrder.Select(sighting => sighting.Delivery))
        {
            string key = MessageBodies.KeyOf(delivery.Body);
            if (!sends.TryGetValue(key, out SendEvent? send))
                broken.Add($"{id} appeared with the key '{key}', which nobody sent.");
            else if (send.Outcome == Outcome.Refused)
                broken.Add($"{key} appeared although its send was refused.");
            else if (!send.Body.AsSpan().SequenceEqual(delivery.Body))
                broken.Add($"{key} came back with other bytes.");
            else if (send.Id is not null && send.Id != id)
                broken.Add($"{key} was sent as {send.Id} and delivered as {id}.");
        }

        if (sends.TryGetValue(MessageBodies.KeyOf(inOrder[0].Delivery.Body), out SendEvent? first)
            && inOrder.Any(sighting => sighting.Receive.Time.Ended < first.Time.Began + TimeSpan.FromSeconds(first.DelaySeconds) - Rounding))
            broken.Add($"{first.Key} was delivered before its delay of {first.DelaySeconds} s was over.");
    }

    // Exactly one more per delivery. A receive without an answer may have been a delivery of each message, once.
    private static void CheckCounts(string id, Sighting[] inOrder, ReceiveEvent[] unanswered, List<string> broken)
    {
        int count = 0;
        DateTimeOffset since = DateTimeOffset.MinValue;
        foreach (Sighting sighting in inOrder)
        {
            int next = sighting.Delivery.ReceiveCount;
            CallTime time = sighting.Receive.Time;
            int unseen = unanswered.Count(lost => lost.Time.Began <= time.Ended && lost.Time.Ended >= since);
            if (next <= count)
                broken.Add($"{id} was delivered twice with the receive count {next}.");
            else if (next - count - 1 > unseen)
                broken.Add($"{id}'s receive count went from {count} to {next}, with {unseen} receives in between that had no answer.");
            else if (time.Ended < since)
                broken.Add($"{id}'s receive count {next} came before its {count}.");
            (count, since) = (next, time.Began);
        }
    }

    private static void CheckLeases(string id, Sighting[] inOrder, IEnumerable<SettleEvent> settles, List<string> broken)
    {
        SettleEvent[] changes = [.. settles.Where(settle => settle.Kind != SettleKind.Acknowledge).OrderBy(settle => settle.Time.Began)];
        for (int index = 0; index < inOrder.Length; index++)
        {
            (ReceiveEvent receive, Delivery delivery) = (inOrder[index].Receive, inOrder[index].Delivery);
            if (delivery.LeasedUntil < receive.Time.Began + TimeSpan.FromSeconds(receive.LeaseSeconds) - Rounding)
                broken.Add($"{id} was leased for less than the {receive.LeaseSeconds} s asked for.");
            if (index + 1 == inOrder.Length) continue;

            DateTimeOffset free = EarliestEnd(delivery, changes);
            DateTimeOffset next = inOrder[index + 1].Receive.Time.Ended;
            if (next < free - Rounding)
                broken.Add($"{id} was delivered a {inOrder[index + 1].Delivery.ReceiveCount}. time {(free - next).TotalMilliseconds} ms before its lease {delivery.ReceiveCount} ended.");
        }
    }

    private static DateTimeOffset EarliestEnd(Delivery delivery, SettleEvent[] changes)
    {
        DateTimeOffset free = delivery.LeasedUntil;
        foreach (SettleEvent change in changes.Where(change => change.ReceiveCount == delivery.ReceiveCount))
        {
            DateTimeOffset changed = change.Time.Began + TimeSpan.FromSeconds(change.Seconds);
            free = change.Outcome switch
            {
                Outcome.Succeeded => changed,
                Outcome.Unknown => changed < free ? changed : free,
                Outcome.Refused => free,
            };
        }

        return free;
    }

    private static void CheckSettles(string id, SettleEvent[] settles, IEnumerable<Sighting> sightings, ReceiveEvent[] unanswered, List<string> broken)
    {
        SettleEvent[] acknowledged = [.. settles.Where(settle => settle.Kind == SettleKind.Acknowledge && settle.Outcome != Outcome.Refused)];
        Sighting[] deliveries = [.. sightings];
        foreach (SettleEvent acknowledge in acknowledged.Where(settle => settle.Outcome == Outcome.Succeeded))
        {
            // Higher counts at any time: with a later delivery the receipt would have been stale.
            if (deliveries.Any(sighting => sighting.Delivery.ReceiveCount > acknowledge.ReceiveCount || sighting.Receive.Time.Began > acknowledge.Time.Ended))
                broken.Add($"{id} was delivered again although its acknowledgement had succeeded.");
        }

        foreach (SettleEvent refused in settles.Where(settle => settle.Outcome == Outcome.Refused))
        {
            bool isLegal = refused.Refusal switch
            {
                "messageGone" => acknowledged.Any(settle => settle.Time.Began < refused.Time.Ended),
                "receiptStale" => deliveries.Any(sighting => sighting.Delivery.ReceiveCount > refused.ReceiveCount)
                    || unanswered.Any(lost => lost.Time.Began < refused.Time.Ended),
                "notLeased" => IsReturned(refused, deliveries, settles),
                "starting" or "stopping" or "overloaded" or "diskFull" => true,
                _ => false,
            };
            if (!isLegal)
                broken.Add($"{refused.Kind} of {id} (receive count {refused.ReceiveCount}) was refused without a reason: {refused.Refusal}.");
        }
    }

    private static bool IsReturned(SettleEvent refused, Sighting[] deliveries, SettleEvent[] settles) =>
        settles.Any(settle => settle.Kind != SettleKind.Acknowledge && settle.Outcome != Outcome.Refused && settle.Time.Began < refused.Time.Began)
        || deliveries.Any(sighting => sighting.Delivery.ReceiveCount == refused.ReceiveCount && sighting.Delivery.LeasedUntil <= refused.Time.Ended);

    private static void CheckIdentities(Dictionary<string, SendEvent> sends, ILookup<string, Sighting> sightings, List<string> broken)
    {
        foreach (IGrouping<string, string> ids in sightings.GroupBy(message => MessageBodies.KeyOf(message.First().Delivery.Body), message => message.Key))
        {
            if (ids.Count() > 1)
                broken.Add($"{ids.Key} was sent once and is there as {string.Join(", ", ids)}.");
        }

        foreach (IGrouping<string, SendEvent> same in sends.Values.Where(send => send.Id is not null).GroupBy(send => send.Id!))
        {
            if (same.Count() > 1)
                broken.Add($"The id {same.Key} was given to {string.Join(", ", same.Select(send => send.Key))}.");
        }
    }

    private static void CheckNothingLost(
        ClientHistory history, ILookup<string, Sighting> sightings, ILookup<string, SettleEvent> settles, List<string> broken)
    {
        bool IsSettled(string id) => settles[id].Any(settle => settle.Kind == SettleKind.Acknowledge && settle.Outcome != Outcome.Refused);
        foreach (SendEvent send in history.Sends.Where(send => send.Outcome == Outcome.Succeeded && !IsSettled(send.Id!)))
            broken.Add($"{send.Key} ({send.Id}) is lost: its send had succeeded, and it never came to an acknowledgement.");

        // What could be received before the drain and was neither acknowledged nor seen since.
        foreach (IGrouping<string, Sighting> message in sightings.Where(message => !IsSettled(message.Key)))
            broken.Add($"{message.Key} is lost: it had been received, and it never came to an acknowledgement.");

        HashSet<string> seen = [.. sightings.Select(message => MessageBodies.KeyOf(message.First().Delivery.Body))];
        foreach (IGrouping<long, SendEvent> call in history.Sends.Where(send => send.Outcome == Outcome.Unknown).GroupBy(send => send.Call))
        {
            int there = call.Count(send => seen.Contains(send.Key));
            if (there != 0 && there != call.Count())
                broken.Add($"Half a call: of {call.Count()} messages sent together {there} are there.");
        }
    }

    /// <summary>One delivery with the call that brought it.</summary>
    private readonly record struct Sighting(ReceiveEvent Receive, Delivery Delivery);
}

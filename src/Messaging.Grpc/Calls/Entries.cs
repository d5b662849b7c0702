using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>The entries of a call: those that the broker is to be given, and those that the front has refused, each at its place. Used by one caller. Hot path.</summary>
internal sealed class Entries<TEntry>(int capacity)
{
    private readonly TEntry[] _accepted = new TEntry[capacity];
    private BrokerError?[]? _refusals;
    private int _acceptedCount;

    /// <summary>For so many entries of the list <paramref name="place"/>; throws where no call of the broker takes as many, before there is memory for them.</summary>
    public static Entries<TEntry> OfCall(int count, string place) => count <= BrokerLimits.CallEntriesMax
        ? new Entries<TEntry>(count)
        : throw Refusal.Of(EntryCount.TooMany(place));

    /// <summary>All of them.</summary>
    public int Count { get; private set; }

    public int RefusedCount => Count - _acceptedCount;

    public ReadOnlyMemory<TEntry> Accepted => _accepted.AsMemory(0, _acceptedCount);

    /// <summary>All were refused, so that there is nothing to ask the broker. An empty call is the broker's to refuse.</summary>
    public bool AreAllRefused => _acceptedCount == 0 && Count > 0;

    /// <summary>Null where the broker is given the entry.</summary>
    public BrokerError? RefusalAt(int entry) => _refusals?[entry];

    /// <summary>What the broker is to be given of all of them, in one piece.</summary>
    public static ReadOnlyMemory<TEntry> Join(ReadOnlySpan<Entries<TEntry>> parts)
    {
        if (parts.Length == 1)
            return parts[0].Accepted;
        int count = 0;
        foreach (Entries<TEntry> part in parts)
            count += part._acceptedCount;
        var joined = new TEntry[count];
        int at = 0;
        foreach (Entries<TEntry> part in parts)
        {
            part.Accepted.CopyTo(joined.AsMemory(at));
            at += part._acceptedCount;
        }
        return joined;
    }

    public void Add(in TEntry entry, BrokerError? refusal)
    {
        if (refusal is null)
            _accepted[_acceptedCount++] = entry;
        else
            (_refusals ??= new BrokerError?[_accepted.Length])[Count] = refusal;
        Count++;
    }
}

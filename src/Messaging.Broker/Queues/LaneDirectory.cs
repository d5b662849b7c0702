namespace Messaging.Broker.Queues;

/// <summary>The lanes of one queue by their keys, and by numbers that are used again. Guarded by the sequencer. A value that holds its tables, so that whoever has it is no step further from them. Hot path.</summary>
internal readonly struct LaneDirectory()
{
    private readonly Dictionary<LaneKey, Lane> _byKey = [];
    private readonly List<Lane?> _byNumber = [];
    private readonly Stack<int> _free = [];

    /// <summary>Lanes with messages.</summary>
    public int Count => _byKey.Count;

    /// <summary>One more than the largest number.</summary>
    public int NumbersEnd => _byNumber.Count;

    public Dictionary<LaneKey, Lane>.ValueCollection All => _byKey.Values;

    /// <summary>The lane of this number; null when it has gone.</summary>
    public Lane? this[int number] => _byNumber[number];

    /// <summary>The key's lane, made where there is none.</summary>
    public Lane Enter(LaneKey key)
    {
        if (_byKey.TryGetValue(key, out Lane? lane)) return lane;
        if (!_free.TryPop(out int number))
        {
            number = _byNumber.Count;
            _byNumber.Add(null);
        }

        lane = new Lane(key, number);
        _byNumber[number] = lane;
        _byKey.Add(key, lane);
        return lane;
    }

    public void Leave(Lane lane)
    {
        _byKey.Remove(lane.Key);
        _byNumber[lane.Number] = null;
        _free.Push(lane.Number);
    }
}

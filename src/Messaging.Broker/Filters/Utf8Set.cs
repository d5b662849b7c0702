namespace Messaging.Broker.Filters;

/// <summary>UTF-8 texts, each once, found by a span. Immutable; hot path. Few are compared one after the other, which is faster than a hash and smaller.</summary>
internal sealed class Utf8Set
{
    private const int ScannedMax = 8;

    private readonly byte[][] _texts;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _places;

    public Utf8Set(byte[][] texts)
    {
        _texts = texts;
        if (texts.Length <= ScannedMax)
            return;
        var places = new Dictionary<byte[], int>(texts.Length, Utf8Comparer.Instance);
        for (int i = 0; i < texts.Length; i++)
            places.Add(texts[i], i);
        _places = places.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public ReadOnlySpan<byte[]> Texts => _texts;

    /// <summary>The text's place among <see cref="Texts"/>; negative when it is not there.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        if (_texts.Length > ScannedMax)
            return _places.TryGetValue(text, out int place) ? place : -1;
        for (int i = 0; i < _texts.Length; i++)
        {
            if (text.SequenceEqual(_texts[i]))
                return i;
        }
        return -1;
    }
}

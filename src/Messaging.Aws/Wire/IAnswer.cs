namespace Messaging.Aws.Wire;

/// <summary>
/// Writes the members of an answer, in whatever protocol the call came by. Names are those of the JSON protocol, and where the Query protocol has its own beside them, both. All texts are UTF-8. Hot path.
/// </summary>
internal interface IAnswer
{
    void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    void Number(ReadOnlySpan<byte> name, long value);

    void Boolean(ReadOnlySpan<byte> name, bool value);

    /// <summary>Bytes, as base64.</summary>
    void Blob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    /// <summary>A list, of structures by <see cref="BeginItem"/> or of texts by <see cref="Item"/>; <paramref name="item"/> is what the Query protocol calls each of them, without anything around them.</summary>
    void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item);

    void BeginItem();

    void EndItem();

    void Item(ReadOnlySpan<byte> value);

    void EndList();

    /// <summary>A map, of texts by <see cref="Entry"/> or of structures by <see cref="BeginEntry"/>.</summary>
    void BeginMap(ReadOnlySpan<byte> name, in MapWords query);

    void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    void BeginEntry(ReadOnlySpan<byte> key);

    void EndEntry();

    void EndMap();
}

using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Storage.Records;

namespace Messaging.Broker.Subscriptions;

/// <summary>The headers of a stored record as filter policies see attributes: without the broker's own. A view over the record and over memory of the caller. Hot path: no allocation.</summary>
internal readonly ref struct StoredAttributes : IFilterAttributes
{
    private readonly ReadOnlySpan<byte> _record;
    private readonly ReadOnlySpan<Place> _places;

    private StoredAttributes(ReadOnlySpan<byte> record, ReadOnlySpan<Place> places)
    {
        _record = record;
        _places = places;
    }

    /// <summary>Where one of them stands in the record.</summary>
    internal readonly record struct Place(int Name, int NameLength, int Value, int ValueLength, FilterValueKind Kind);

    public int Count => _places.Length;

    public FilterAttribute this[int index]
    {
        get
        {
            ref readonly Place place = ref _places[index];
            return new FilterAttribute(_record.Slice(place.Name, place.NameLength), place.Kind, _record.Slice(place.Value, place.ValueLength));
        }
    }

    /// <summary>Of a record with at most as many headers as there are places; a header without a value is none.</summary>
    public static StoredAttributes Read(ReadOnlySpan<byte> record, RecordHeaderEnumerator headers, Span<Place> places)
    {
        ReadOnlySpan<byte> typed = default;
        int count = 0;
        for (int attribute = 0; headers.MoveNext();)
        {
            if (headers.Name.StartsWith(StoredHeaders.ReservedPrefix))
            {
                if (headers.Name.SequenceEqual(StoredHeaders.AttributeTypes)) typed = headers.Value;
                continue;
            }

            bool isTyped = typed.Contains((byte)attribute++);
            if (!headers.ValueIsNull) places[count++] = PlaceOf(record, headers.Name, headers.Value, isTyped);
        }

        return new StoredAttributes(record, places[..count]);
    }

    private static Place PlaceOf(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isTyped)
    {
        FilterValueKind kind = FilterValueKind.String;
        if (isTyped) kind = KindOf(ref value);
        return new Place(Start(record, name), name.Length, Start(record, value), value.Length, kind);
    }

    private static FilterValueKind KindOf(ref ReadOnlySpan<byte> value)
    {
        AttributeKind kind = StoredAttribute.Read(ref value, out ReadOnlySpan<byte> customType);
        return kind switch
        {
            AttributeKind.Number => FilterValueKind.Number,
            AttributeKind.Binary => FilterValueKind.Binary,
            _ => customType.SequenceEqual("Array"u8) ? FilterValueKind.StringArray : FilterValueKind.String,
        };
    }

    private static int Start(ReadOnlySpan<byte> record, ReadOnlySpan<byte> part) => record.Overlaps(part, out int start) ? start : 0;
}

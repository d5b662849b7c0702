namespace Messaging.Broker.Messages;

/// <summary>What stands before the value of an attribute that is not a plain string (<see cref="StoredHeaders"/>). Hot path.</summary>
internal static class StoredAttribute
{
    /// <summary>Takes the kind and the custom type, UTF-8 and mostly empty, off the value.</summary>
    public static AttributeKind Read(scoped ref ReadOnlySpan<byte> value, out ReadOnlySpan<byte> customType)
    {
        customType = default;
        if (value.IsEmpty) return AttributeKind.String;
        byte type = value[0];
        value = value[1..];
        if ((type & StoredHeaders.CustomTypeFlag) != 0 && StoredNumber.TryRead(ref value, out long length))
        {
            int bytes = (int)Math.Clamp(length, 0, value.Length);
            customType = value[..bytes];
            value = value[bytes..];
        }

        return (AttributeKind)(type & ~StoredHeaders.CustomTypeFlag);
    }
}

namespace Messaging.Aws.Wire;

/// <summary>
/// Names of the Query protocol: words and numbers with dots between them. And how its words differ from those of the JSON protocol, by which operations read: it names a list by
/// what is in it (Amazon SQS API Reference, "Making Query API requests"; the service model's locationName). Pure.
/// </summary>
internal static class QueryNames
{
    /// <summary>More digits are no number of any list.</summary>
    private const int DigitsMax = 9;

    /// <summary>Numbers before words, each in their own order.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        while (true)
        {
            ReadOnlySpan<byte> one = Segment(left);
            ReadOnlySpan<byte> other = Segment(right);
            bool isNumber = TryNumber(one, out int number);
            bool isOtherNumber = TryNumber(other, out int otherNumber);
            int order = isNumber && isOtherNumber ? number.CompareTo(otherNumber)
                : isNumber != isOtherNumber ? (isNumber ? -1 : 1)
                : one.SequenceCompareTo(other);
            if (order != 0)
                return order;
            if (one.Length == left.Length || other.Length == right.Length)
                return (left.Length - one.Length).CompareTo(right.Length - other.Length);
            left = left[(one.Length + 1)..];
            right = right[(other.Length + 1)..];
        }
    }

    /// <summary>What stands before the first dot, or all.</summary>
    public static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> name)
    {
        int dot = name.IndexOf((byte)'.');
        return dot < 0 ? name : name[..dot];
    }

    public static bool TryNumber(ReadOnlySpan<byte> segment, out int number)
    {
        number = 0;
        if (segment.IsEmpty || segment.Length > DigitsMax)
            return false;
        foreach (byte digit in segment)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            number = (10 * number) + digit - '0';
        }
        return true;
    }

    /// <summary>The JSON protocol's word for it.</summary>
    public static ReadOnlySpan<byte> ToMember(ReadOnlySpan<byte> segment) => segment switch
    {
        _ when segment.SequenceEqual("Attribute"u8) => "Attributes"u8,
        _ when segment.SequenceEqual("AttributeName"u8) => "AttributeNames"u8,
        _ when segment.SequenceEqual("MessageAttribute"u8) => "MessageAttributes"u8,
        _ when segment.SequenceEqual("MessageAttributeName"u8) => "MessageAttributeNames"u8,
        _ when segment.SequenceEqual("MessageSystemAttribute"u8) => "MessageSystemAttributes"u8,
        _ when segment.SequenceEqual("MessageSystemAttributeName"u8) => "MessageSystemAttributeNames"u8,
        _ when segment.SequenceEqual("SendMessageBatchRequestEntry"u8) => "Entries"u8,
        _ when segment.SequenceEqual("DeleteMessageBatchRequestEntry"u8) => "Entries"u8,
        _ when segment.SequenceEqual("ChangeMessageVisibilityBatchRequestEntry"u8) => "Entries"u8,
        _ when segment.SequenceEqual("Tag"u8) || segment.SequenceEqual("tags"u8) => "Tags"u8,
        _ when segment.SequenceEqual("TagKey"u8) => "TagKeys"u8,
        _ when segment.SequenceEqual("AWSAccountId"u8) => "AWSAccountIds"u8,
        _ when segment.SequenceEqual("ActionName"u8) => "Actions"u8,
        _ => segment,
    };
}

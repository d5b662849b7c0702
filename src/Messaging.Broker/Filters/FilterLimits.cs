namespace Messaging.Broker.Filters;

/// <summary>
/// How large a filter policy may be. Given by the front that takes it; a stored policy is read again under the limits that it was taken under, or wider ones.
/// Sources of <see cref="Sns"/>: Amazon SNS Developer Guide, "Filter policy constraints"; what it does not bound, and this process must, is said beside each number.
/// </summary>
public sealed record FilterLimits
{
    /// <summary>Containers inside each other in a body or a policy; a body that nests deeper matches nothing.</summary>
    public const int JsonDepthMax = 128;

    /// <summary>What an operand of numeric or anything-but may be at most, and its negative at least.</summary>
    public const decimal NumberMax = 1_000_000_000;

    /// <summary>Digits of such an operand behind the point.</summary>
    public const int NumberDecimalsMax = 5;

    /// <summary>What <see cref="ConditionsMax"/> may be at most: a match keeps two bits for each on the stack.</summary>
    public const int ConditionsMaxMax = 1_024;

    /// <summary>What the native API takes.</summary>
    public static FilterLimits Native { get; } = new()
    {
        BytesMax = 256 * 1024,
        KeysMax = 64,
        CombinationsMax = 10_000,
        WildcardsPerPatternMax = 8,
        WildcardPointsMax = 1_000,
    };

    /// <summary>What Amazon SNS takes.</summary>
    public static FilterLimits Sns { get; } = new()
    {
        BytesMax = 256 * 1024,
        KeysMax = 5,
        CombinationsMax = 150,
        WildcardsPerPatternMax = 3,
        WildcardPointsMax = 100,
    };

    /// <summary>UTF-8 bytes of the JSON.</summary>
    public required int BytesMax { get; init; }

    /// <summary>Members of the policy's outermost object; what is nested in them is not counted.</summary>
    public required int KeysMax { get; init; }

    /// <summary>
    /// The product of the counts of values of all keys, each multiplied by how deep its key nests; alternatives of $or are added up. Answers of the service show
    /// that $or itself is no level.
    /// </summary>
    public required long CombinationsMax { get; init; }

    /// <summary>Stars of one wildcard pattern.</summary>
    public required int WildcardsPerPatternMax { get; init; }

    /// <summary>All stars of the policy, where each star of a pattern with several of them counts three times.</summary>
    public required int WildcardPointsMax { get; init; }

    /// <summary>Keys with values, nested ones and those below $or included. SNS has no such number: a key with one value adds nothing to the combinations.</summary>
    public int ConditionsMax { get; init; } = ConditionsMaxMax;

    /// <summary>Names that lead to a key; a dot in the name of a member of a body parts it in two.</summary>
    public int DepthMax { get; init; } = 32;

    /// <summary>Values of all lists, also of those of anything-but, which are one value to the combinations.</summary>
    public int ValuesMax { get; init; } = 10_000;

    /// <summary>
    /// Of those, the ones that are tried one by one rather than found by their hash: all but plain values and exists. A body of a megabyte may bring hundreds of
    /// thousands of values to try each of them with.
    /// </summary>
    public int PatternsMax { get; init; } = 256;
}

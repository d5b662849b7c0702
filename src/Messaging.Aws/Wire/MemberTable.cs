using System.Text;

namespace Messaging.Aws.Wire;

/// <summary>
/// The members of one structure of a request, by their names in the JSON protocol; the contract's tests read the same tables. Immutable, shared by all
/// requests. Hot path: a comparison per name, no allocation.
/// </summary>
internal sealed class MemberTable
{
    /// <summary>The structure has ended.</summary>
    public const int End = -1;

    private readonly byte[][] _names;

    /// <param name="required">So many of the first ones must be there.</param>
    /// <param name="names">At most 32; who reads them counts in this order.</param>
    public MemberTable(int required, params string[] names)
    {
        (Required, Names) = (required, names);
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
    }

    public int Required { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The first member that must be there and is not among those that were seen; null when all are.</summary>
    public string? Missing(uint seen)
    {
        for (int index = 0; index < Required; index++)
        {
            if ((seen & 1u << index) == 0)
                return Names[index];
        }
        return null;
    }

    /// <summary>The member's place, or <see cref="End"/> for a name that the structure does not have.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (int index = 0; index < _names.Length; index++)
        {
            if (name.SequenceEqual(_names[index]))
                return index;
        }
        return End;
    }
}

using System.Text;
using System.Text.Json;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// The names that one JSON object may have, and the one place that decides about a name: served, of a later issue, unknown or there twice.
/// The contract's tests read the same tables. Immutable, shared by all requests. Hot path: a comparison per name, no allocation.
/// </summary>
internal sealed class FieldTable
{
    /// <summary>The object has ended.</summary>
    public const int End = -1;

    private readonly byte[][] _names;

    /// <param name="served">At most 32; a parser's cases count in this order.</param>
    /// <param name="later">Known from the contract and not there yet.</param>
    public FieldTable(string[] served, string[]? later = null)
    {
        (Served, Later) = (served, later ?? []);
        _names = [.. Served.Concat(Later).Select(Encoding.UTF8.GetBytes)];
    }

    public IReadOnlyList<string> Served { get; }

    public IReadOnlyList<string> Later { get; }

    /// <summary>
    /// Steps to the next field's value, with the reader on an object's start or behind a value. <paramref name="seen"/> is the object's own
    /// set.
    /// </summary>
    public Problem? Next(ref Utf8JsonReader reader, ref uint seen, out int field)
    {
        field = End;
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return null;
        field = Find(ref reader);
        if (field < 0 || field >= Served.Count)
            return Refuse(ref reader, field);
        uint bit = 1u << field;
        if ((seen & bit) != 0)
            return Problem.Of(FrontCode.DuplicateField, "The field may stand there only once.", Served[field]);
        seen |= bit;
        reader.Read();
        return null;
    }

    private int Find(ref Utf8JsonReader reader)
    {
        try
        {
            for (int index = 0; index < _names.Length; index++)
            {
                if (reader.ValueTextEquals(_names[index]))
                    return index;
            }
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: no name of ours.
        }
        return -1;
    }

    private Problem Refuse(ref Utf8JsonReader reader, int field)
    {
        if (field < 0)
            return Problem.Of(FrontCode.UnknownField, $"Known fields: {string.Join(", ", Served)}.", JsonText.Echo(ref reader));
        string name = Later[field - Served.Count];
        return Problem.NotSupported($"'{name}' is not supported yet.", name);
    }
}

namespace Messaging.Broker.Filters;

/// <summary>One value of a message that a filter policy judges: never a container. A view over the caller's memory.</summary>
internal readonly ref struct Scalar
{
    private Scalar(ScalarKind kind, ReadOnlySpan<byte> text, FilterNumber number)
    {
        Kind = kind;
        Text = text;
        Number = number;
    }

    public ScalarKind Kind { get; }

    /// <summary>Of a text, unescaped.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public FilterNumber Number { get; }

    public static Scalar Null => new(ScalarKind.Null, default, default);

    public static Scalar OfText(ReadOnlySpan<byte> text) => new(ScalarKind.Text, text, default);

    public static Scalar OfNumber(FilterNumber number) => new(ScalarKind.Number, default, number);

    public static Scalar OfBoolean(bool value) => new(value ? ScalarKind.True : ScalarKind.False, default, default);
}

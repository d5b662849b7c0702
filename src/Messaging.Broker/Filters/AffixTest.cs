namespace Messaging.Broker.Filters;

/// <summary>Whether a text begins, or ends, with another.</summary>
internal sealed class AffixTest(byte[] affix, bool atEnd) : IValueTest
{
    public bool Matches(in Scalar value) =>
        value.Kind == ScalarKind.Text && (atEnd ? value.Text.EndsWith(affix) : value.Text.StartsWith(affix));
}

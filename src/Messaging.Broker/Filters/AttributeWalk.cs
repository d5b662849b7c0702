namespace Messaging.Broker.Filters;

/// <summary>Offers the values of an attribute to a policy's run. Hot path.</summary>
internal static class AttributeWalk
{
    public static void Offer(FilterAttribute attribute, FilterPath key, in FilterRun run)
    {
        switch (attribute.Kind)
        {
            case FilterValueKind.String:
                run.Offer(key, Scalar.OfText(attribute.Value));
                break;
            case FilterValueKind.Number when FilterNumber.TryParse(attribute.Value, out FilterNumber number):
                run.Offer(key, Scalar.OfNumber(number));
                break;
            // Not what its type says: the attribute is there, and has no value.
            case FilterValueKind.Number:
                run.MarkPresent(key);
                break;
            case FilterValueKind.StringArray:
                OfferElements(attribute.Value, key, run);
                break;
            case FilterValueKind.Binary:
                break;
        }
    }

    // Arrays inside the array are as their elements; objects inside it are nothing, as attributes don't nest.
    private static void OfferElements(ReadOnlySpan<byte> json, FilterPath key, in FilterRun run)
    {
        if (!JsonTokens.IsSound(json, out JsonStep first) || first != JsonStep.OpenArray)
        {
            run.MarkPresent(key);
            return;
        }
        using var elements = new ArrayElements(json, stackalloc byte[JsonTokens.ScratchBytes]);
        while (elements.MoveNext())
            run.Offer(key, elements.Current);
    }
}

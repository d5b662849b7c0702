namespace Messaging.Broker.Filters;

/// <summary>
/// Goes over a body once and offers its values to a policy's run. Arrays add no name: each element is a value of the array's key, and members of the objects in
/// an array are found as if each of them stood alone, one key in one element and another key in another. Hot path.
/// </summary>
internal static class BodyWalk
{
    /// <summary>False when the body is not a JSON object.</summary>
    public static bool TryOffer(ReadOnlySpan<byte> body, ReadOnlySpan<FilterPath> paths, in FilterRun run)
    {
        using var tokens = new JsonTokens(body, stackalloc byte[JsonTokens.ScratchBytes]);
        if (tokens.Read() != JsonStep.OpenObject)
            return false;
        // Where each open container stands; the next value stands where the innermost one does, until a name leads on.
        Span<int> open = stackalloc int[FilterLimits.JsonDepthMax];
        open[0] = FilterPath.Root;
        int depth = 1;
        int at = FilterPath.Root;
        while (true)
        {
            switch (tokens.Read())
            {
                case JsonStep.Name:
                    at = Follow(paths, open[depth - 1], tokens.Text);
                    break;
                case JsonStep.Scalar:
                    if (at != FilterPath.Elsewhere)
                        run.Offer(paths[at], tokens.Value);
                    at = open[depth - 1];
                    break;
                case JsonStep.OpenObject or JsonStep.OpenArray:
                    open[depth++] = at;
                    break;
                case JsonStep.Close:
                    depth--;
                    at = depth > 0 ? open[depth - 1] : FilterPath.Elsewhere;
                    break;
                case JsonStep.End:
                    return true;
                case JsonStep.Malformed:
                    return false;
            }
        }
    }

    // A dot in a name leads on as nesting does.
    private static int Follow(ReadOnlySpan<FilterPath> paths, int from, ReadOnlySpan<byte> name)
    {
        while (from != FilterPath.Elsewhere)
        {
            int dot = name.IndexOf((byte)'.');
            if (dot < 0)
                return paths[from].Find(name);
            from = paths[from].Find(name[..dot]);
            name = name[(dot + 1)..];
        }
        return FilterPath.Elsewhere;
    }
}

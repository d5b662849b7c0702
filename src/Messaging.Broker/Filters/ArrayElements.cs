namespace Messaging.Broker.Filters;

/// <summary>
/// The values of a JSON array that is known to be sound, those of arrays inside it included and those of objects inside it left out. Owned by one caller on its
/// stack, who disposes it; hot path.
/// </summary>
internal ref struct ArrayElements(ReadOnlySpan<byte> json, Span<byte> scratch)
{
    private JsonTokens _tokens = new(json, scratch);

    /// <summary>Until the next move.</summary>
    public readonly Scalar Current => _tokens.Value;

    public bool MoveNext()
    {
        while (true)
        {
            switch (_tokens.Read())
            {
                case JsonStep.Scalar:
                    return true;
                case JsonStep.OpenObject:
                    SkipObject();
                    break;
                case JsonStep.End or JsonStep.Malformed:
                    return false;
            }
        }
    }

    public void Dispose() => _tokens.Dispose();

    private void SkipObject()
    {
        for (int depth = 1; depth > 0;)
        {
            JsonStep step = _tokens.Read();
            depth += step is JsonStep.OpenObject or JsonStep.OpenArray ? 1 : step == JsonStep.Close ? -1 : 0;
        }
    }
}

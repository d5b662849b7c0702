namespace Messaging.Rest.Wire;

/// <summary>A place for what was read of a definition, whole or as a patch: change after change. Owned by the operation; not thread-safe.</summary>
/// <param name="defaults">A definition of which all was left out.</param>
internal abstract class DefinitionBox<TDefinition>(TDefinition defaults)
{
    /// <summary>Null is a value: the default.</summary>
    public bool IsMerge { get; init; }

    /// <summary>With the defaults for all that was left out.</summary>
    public TDefinition Definition => Change(defaults);

    /// <summary>All changes, one after the other.</summary>
    protected Func<TDefinition, TDefinition> Change { get; private set; } = static definition => definition;

    public void Then(Func<TDefinition, TDefinition> change)
    {
        Func<TDefinition, TDefinition> before = Change;
        Change = definition => change(before(definition));
    }
}

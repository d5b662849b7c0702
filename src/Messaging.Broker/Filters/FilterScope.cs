namespace Messaging.Broker.Filters;

/// <summary>What a filter policy looks at.</summary>
public enum FilterScope
{
    /// <summary>The message's attributes; keys are their names.</summary>
    Attributes,

    /// <summary>The message's body, a JSON object; keys are names of its members, which nest.</summary>
    Body,
}

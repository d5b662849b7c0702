namespace Messaging.Broker.Filters;

/// <summary>A message's attributes, however the message is stored: implemented by structs, so that neither a call nor an attribute costs an allocation.</summary>
public interface IFilterAttributes
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>One of them.</summary>
    FilterAttribute this[int index] { get; }
}

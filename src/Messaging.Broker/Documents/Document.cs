namespace Messaging.Broker.Documents;

/// <summary>A document of a list. A value.</summary>
public readonly record struct Document(string Name, string Text);

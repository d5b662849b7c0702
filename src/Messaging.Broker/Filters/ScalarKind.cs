namespace Messaging.Broker.Filters;

/// <summary>What a value is; values of different kinds are never the same.</summary>
internal enum ScalarKind
{
    Text,
    Number,
    True,
    False,
    Null,
}

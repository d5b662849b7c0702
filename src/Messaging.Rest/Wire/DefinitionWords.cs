using Messaging.Broker.Names;

namespace Messaging.Rest.Wire;

/// <summary>What definitions are of, in a word.</summary>
internal static class DefinitionWords
{
    public static string NameOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Queue => "queue",
        ResourceKind.Topic => "topic",
        ResourceKind.Subscription => "subscription",
    };
}

using Messaging.Storage;

namespace Messaging.TestKit;

/// <summary>Drives an engine without threads, for tests of upper floors that decide when something is synced.</summary>
public static class EngineByHand
{
    /// <summary>Writes and syncs all that is sequenced.</summary>
    public static void CommitAll(this LogEngine engine)
    {
        while (engine.CommitOnce())
        {
        }
    }
}

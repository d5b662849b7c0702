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

    /// <summary>Does what is due, such as making the spare slots of a new folder, without which nothing is admitted.</summary>
    public static void MaintainOnce(this LogEngine engine) => engine.Maintain();

    /// <summary>Writes packs and a checkpoint, whether they are due or not.</summary>
    public static void Checkpoint(this LogEngine engine) => engine.Maintain(force: true);

    /// <summary>Lets go of everything, as a killed process does.</summary>
    public static void Kill(this LogEngine engine) => engine.Abandon();
}

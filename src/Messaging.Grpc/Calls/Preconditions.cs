using Messaging.Broker.Catalog;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>What a definition has to be before it is changed. What can hold of none is refused by its field; whether the rest does hold is the broker's to say.</summary>
internal static class Preconditions
{
    /// <summary><paramref name="versionMin"/>: a definition's first version; that of the document of all of them is less.</summary>
    public static Precondition Read(V1.Precondition? wire, long versionMin = 1)
    {
        if (wire is null)
            return default;
        if (wire.HasVersion && wire.Version < versionMin)
            throw Refusal.Invalid("precondition.version", $"Must be a version that an answer has told, {versionMin} or more.");
        var read = new Precondition
        {
            Versions = wire.HasVersion ? [wire.Version] : null,
            MustExist = wire.MustExist,
            MustNotExist = wire.MustNotExist,
        };
        return read.IsContradiction ? throw Refusal.Invalid("precondition.mustNotExist", "Nothing exists and does not: ask for one of them.") : read;
    }
}

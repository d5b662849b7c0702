using Messaging.Broker.Catalog;

namespace Messaging.Grpc.Calls;

/// <summary>What a definition has to be before it is changed.</summary>
internal static class Preconditions
{
    public static Precondition Read(V1.Precondition? wire) => wire is null ? default : new Precondition
    {
        Versions = wire.HasVersion ? [wire.Version] : null,
        MustExist = wire.MustExist,
        MustNotExist = wire.MustNotExist,
    };
}

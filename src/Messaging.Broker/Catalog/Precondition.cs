namespace Messaging.Broker.Catalog;

/// <summary>
/// What must be true of a definition for a change of it to be made, so that nobody overwrites what they have not seen. The default asks for nothing.
/// </summary>
public readonly record struct Precondition
{
    /// <summary>The definition is of one of these versions (<see cref="Queues.QueueDescription"/>); null asks for none.</summary>
    public IReadOnlyList<long>? Versions { get; init; }

    /// <summary>There is a definition.</summary>
    public bool MustExist { get; init; }

    /// <summary>There is none: the change creates it.</summary>
    public bool MustNotExist { get; init; }

    /// <summary>It asks for a definition and for none at once, and so holds of nothing. Every front refuses it by its own field, before the broker is asked.</summary>
    public bool IsContradiction => MustNotExist && (MustExist || Versions is not null);

    /// <summary>Null where it holds; <paramref name="version"/> is null where nothing is there.</summary>
    public BrokerError? Check(long? version)
    {
        if (MustNotExist && version is not null) return Failed("It exists already.");
        if ((MustExist || Versions is not null) && version is null) return Failed("It does not exist.");
        return Versions is null || Versions.Contains(version!.Value) ? null : Failed("The definition was changed since.");
    }

    private static BrokerError Failed(string detail) => new(ErrorCode.PreconditionFailed, detail);
}

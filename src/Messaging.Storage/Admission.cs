using Messaging.Storage.Journal;

namespace Messaging.Storage;

/// <summary>
/// The room in the journal that one command may take. Held from before <see cref="LogEngine.BeginCommand"/> until its commit has
/// completed; dispose it once. The default holds nothing.
/// </summary>
public readonly struct Admission : IDisposable
{
    private readonly AdmissionGate? _gate;
    private readonly long _room;

    private Admission(AdmissionGate? gate, long room, bool isRefused) => (_gate, _room, IsRefused) = (gate, room, isRefused);

    /// <summary>There is no room and there may be none for long: records on a nearly full disk, what waits on one where nothing can be freed, anything in an engine that stops.</summary>
    public bool IsRefused { get; }

    internal static Admission Refused { get; } = new(null, 0, isRefused: true);

    /// <summary>Nobody else is admitted now.</summary>
    internal bool IsAlone => _gate?.IsAll(_room) == true;

    /// <summary>Gives the room back.</summary>
    public void Dispose() => _gate?.Leave(_room);

    internal static Admission Of(AdmissionGate gate, long room) => new(gate, room, isRefused: false);
}

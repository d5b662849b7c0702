using Messaging.Storage.Journal;

namespace Messaging.Storage;

/// <summary>
/// The room in the journal that one command may take. Held from before <see cref="LogEngine.BeginCommand"/> until its commit has
/// completed; dispose it once. The default holds nothing.
/// </summary>
public readonly struct Admission : IDisposable
{
    private readonly AdmissionGate? _gate;
    private readonly int _bytes;

    private Admission(AdmissionGate? gate, int bytes, bool isRefused) => (_gate, _bytes, IsRefused) = (gate, bytes, isRefused);

    /// <summary>There is no room and there may be none for long: records on a nearly full disk, anything in an engine that stops.</summary>
    public bool IsRefused { get; }

    internal static Admission Refused { get; } = new(null, 0, isRefused: true);

    /// <summary>Gives the room back.</summary>
    public void Dispose() => _gate?.Leave(_bytes);

    internal static Admission Of(AdmissionGate gate, int bytes) => new(gate, bytes, isRefused: false);
}

using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Meta;

namespace Messaging.Storage.Check;

/// <summary>One check under way: what was found, and what its earlier steps read that later ones need. One thread.</summary>
internal sealed class CheckRun(IDisk disk)
{
    private readonly List<Damage> _damages = [];
    private readonly List<string> _notes = [];
    private long _damageCount;

    public IDisk Disk { get; } = disk;

    public CheckSummary Summary { get; } = new();

    /// <summary>Null when neither file can be read.</summary>
    public MetaRecord? Meta { get; set; }

    /// <summary>Null when there is none or it can't be read.</summary>
    public Checkpoint? Checkpoint { get; set; }

    /// <summary>The checkpoint's streams, and those that frames behind it create.</summary>
    public Dictionary<long, CheckedStream> Streams { get; } = [];

    public CheckReport Report() => new(Summary, _damages, _damageCount, _notes);

    public void Add(string file, long position, string what) => Add(new Damage(file, position, null, null, what));

    public void Add(string file, long position, long streamId, long baseOffset, long endOffset, string what) =>
        Add(new Damage(file, position, streamId, new OffsetRange(baseOffset, Math.Max(baseOffset, endOffset - 1)), what));

    public void Add(in Damage damage)
    {
        _damageCount++;
        if (_damages.Count < CheckReport.LinesMax)
        {
            _damages.Add(damage);
        }
    }

    public void Note(string note)
    {
        if (_notes.Count < CheckReport.LinesMax)
        {
            _notes.Add(note);
        }
    }

    /// <summary>Runs one step on a file. A read that fails is damage of that file as much as wrong bytes are; false when it came to that.</summary>
    public bool Try(string file, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (StorageFaultException fault)
        {
            Add(fault.File ?? file, fault.Position, fault.What ?? fault.Message);
            return false;
        }
    }
}

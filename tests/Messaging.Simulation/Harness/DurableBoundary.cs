using Messaging.TestKit;

namespace Messaging.Simulation.Harness;

/// <summary>A place where the power can go: a kind of durable call on a kind of file. What the coverage counts.</summary>
internal readonly record struct DurableBoundary(SimCall Call, string Target)
{
    /// <summary>Where a journal file becomes a pack: seldom beside queues, whose files are mostly state.</summary>
    public static IReadOnlyList<DurableBoundary> OfPromotion { get; } = [.. Of("journal slot", SimCall.Link, SimCall.SetLength, SimCall.Delete)];

    /// <summary>Those that every sweep must have hit; a boundary that is seen and not listed here is reported.</summary>
    public static IReadOnlyList<DurableBoundary> Required { get; } =
    [
        .. OfPromotion,
        .. Of("journal slot", SimCall.Write, SimCall.DataSync),
        .. Of("new journal slot", SimCall.Create, SimCall.Allocate, SimCall.Write, SimCall.DataSync, SimCall.Rename),
        .. Of("folder journal", SimCall.CreateFolder, SimCall.SyncFolder),
        .. Of("META", SimCall.Create, SimCall.Write, SimCall.DataSync),
        .. Of("root folder", SimCall.SyncFolder),
        .. Of("new checkpoint", SimCall.Create, SimCall.Allocate, SimCall.Write, SimCall.SetLength, SimCall.DataSync, SimCall.Rename),
        .. Of("folder checkpoints", SimCall.CreateFolder, SimCall.SyncFolder),
        .. Of("checkpoint", SimCall.Delete),
        .. Of("new pack", SimCall.Create, SimCall.Allocate, SimCall.Write, SimCall.SetLength, SimCall.DataSync, SimCall.Rename),
        .. Of("folder packs", SimCall.CreateFolder, SimCall.SyncFolder),
        .. Of("pack", SimCall.Delete),
        .. Of("ballast", SimCall.Create, SimCall.Allocate, SimCall.DataSync),
    ];

    public static DurableBoundary Of(SimCall call, string name) => new(call, TargetOf(call, name));

    public override string ToString() => $"{Call} of {Target}";

    private static IEnumerable<DurableBoundary> Of(string target, params SimCall[] calls) => calls.Select(call => new DurableBoundary(call, target));

    private static string TargetOf(SimCall call, string name)
    {
        if (call is SimCall.CreateFolder or SimCall.SyncFolder)
        {
            return name.Length == 0 ? "root folder" : "folder " + name;
        }

        string kind = name.Split('/', '-')[0] switch
        {
            "journal" => "journal slot",
            "packs" => "pack",
            "checkpoints" => "checkpoint",
            string other => other,
        };
        return name.EndsWith(".new", StringComparison.Ordinal) ? "new " + kind : kind;
    }
}

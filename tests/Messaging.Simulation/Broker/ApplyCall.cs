using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;

namespace Messaging.Simulation.Broker;

/// <summary>
/// Applies a small document of definitions: all of it or nothing, whatever crashes. It looks first, and asks for room only where something is to be
/// written; by then it may find other queues than it saw.
/// </summary>
internal sealed class ApplyCall(BrokerWorld world, QueueDefinitionEntry[] entries, long? version, bool dryRun) : CommandCall(world, default)
{
    private readonly bool _hasWork = !dryRun && Expect(world.History.Current, entries, version) is { Error: null, Refused.Count: 0, Changed.Count: > 0 };
    private Result<AppliedDefinitions> _answer;
    private Expectation? _expected;
    private long _version;

    protected override bool NeedsNoRoom => !_hasWork;

    protected override bool Adds => true;

    private bool IsApplied => !dryRun && _expected is { Error: null, Refused.Count: 0 };

    public override string ToString() => $"apply {entries.Length} definitions of version {version}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Definitions.ApplyAsync(
        new DefinitionsDocument { Queues = entries }, new Precondition { Versions = version is { } seen ? [seen] : null }, dryRun, CancellationToken.None);

    protected override void Decide(ModelQueue? queue, long now)
    {
        _expected = Expect(World.History.Current, entries, version);
        if (IsApplied)
        {
            World.History.Sequence(ToString(), [.. _expected.Changed.Select(entry => new QueuePut(NumberOf(entry.Key), entry.Key, entry.Definition!, now))]);
        }

        _version = World.History.Current.Version;
    }

    protected override void JudgeAnswer()
    {
        CheckRefused(_answer.Error, Refusal ?? _expected?.Error, this);
        if (_expected is not { Error: null })
        {
            return;
        }

        AppliedDefinitions answer = _answer.Value;
        World.Coverage.Count(IsApplied && _expected.Changed.Count > 0 ? "documents that were applied" : "documents that were not applied");
        Check(answer.IsApplied == IsApplied, $"{this} is applied: {IsApplied}");
        Check(answer.Refusals.Select(refusal => refusal.Entry).SequenceEqual(_expected.Refused), $"{this} refuses {string.Join(',', _expected.Refused)}");
        Check(answer.Changes.Select(change => change.Key).SequenceEqual(_expected.Changed.Select(entry => ResourceKey.Of(entry.Key))), $"{this} changes {_expected.Changed.Count}");
        Check(answer.Unchanged == _expected.Unchanged, $"{this} leaves {_expected.Unchanged} as they are");
        Check(answer.Version == _version, $"{this} leaves version {_version}, not {answer.Version}");
    }

    private int NumberOf(QueueKey key) => World.History.Current.Find(key)?.Number ?? ++World.LastQueueNumber;

    private static Expectation Expect(BrokerModel model, QueueDefinitionEntry[] entries, long? version)
    {
        if (version is not null && version != model.Version)
        {
            return new Expectation(ErrorCode.PreconditionFailed, [], [], 0);
        }

        int[] refused = [.. Enumerable.Range(0, entries.Length).Where(i =>
            entries[i].Definition!.LeaseSeconds < 0
            || entries.Take(i).Any(before => before.Key == entries[i].Key)
            || (model.Find(entries[i].Key) is { } there && there.Definition.Type != entries[i].Definition!.Type))];
        QueueDefinitionEntry[] good = [.. entries.Where((_, i) => !refused.Contains(i))];
        QueueDefinitionEntry[] changed = [.. good.Where(entry => model.Find(entry.Key)?.Definition != entry.Definition)];
        return new Expectation(null, refused, changed, good.Length - changed.Length);
    }

    private sealed record Expectation(ErrorCode? Error, IReadOnlyList<int> Refused, IReadOnlyList<QueueDefinitionEntry> Changed, int Unchanged);
}

namespace Messaging.TestKit.Histories;

/// <summary>A record by its place and bytes, as a reader has seen it.</summary>
internal readonly record struct SeenRecord(long Offset, byte[] Body);

/// <summary>
/// One record in one call of a publish; the same record sent again is another event with its key. <see cref="Order"/> rises with what one <see cref="Producer"/> sends; a producer of null promises no
/// order. <see cref="Partition"/> is null while nobody knows where it goes.
/// </summary>
internal sealed record PublishEvent(
    CallTime Time, Outcome Outcome, string Key, byte[] Body, string? Producer, long Order, int? Partition, long? Offset, ProducerName? Transaction, string? Refusal);

/// <summary>What a producer publishes as; the epoch names its transaction too.</summary>
internal sealed record ProducerName(long Id, int Epoch);

/// <summary>An instance of a transactional id that was asked for; without a name where there was no answer.</summary>
internal sealed record InstanceEvent(CallTime Time, Outcome Outcome, string TransactionalId, ProducerName? Name);

/// <summary>A commit or an abort of a transaction that somebody asked for.</summary>
internal sealed record EndEvent(CallTime Time, Outcome Outcome, ProducerName Transaction, bool IsCommit, string? Refusal);

/// <summary>One page that a reader got of a partition.</summary>
internal sealed record PageEvent(CallTime Time, int Partition, long From, bool IsCommitted, TopicPage Page);

/// <summary>A message that went into the queue of the pipeline; a record of the same key, with <see cref="TopicHistory.ProcessedMark"/> before it, comes out.</summary>
internal sealed record InputEvent(Outcome Outcome, string Key);

/// <summary>The log of all clients of one topic, and of the queue that a pipeline moves into it, over all restarts of their server. Thread-safe; read it when all clients are done.</summary>
internal sealed class TopicHistory : CallLog
{
    /// <summary>Before the key of what a pipeline has made of an input.</summary>
    public const string ProcessedMark = "processed-";

    private readonly List<PublishEvent> _publishes = [];
    private readonly List<InstanceEvent> _instances = [];
    private readonly List<EndEvent> _ends = [];
    private readonly List<PageEvent> _pages = [];
    private readonly List<InputEvent> _inputs = [];

    public IReadOnlyList<PublishEvent> Publishes => _publishes;

    public IReadOnlyList<InstanceEvent> Instances => _instances;

    public IReadOnlyList<EndEvent> Ends => _ends;

    public IReadOnlyList<PageEvent> Pages => _pages;

    public IReadOnlyList<InputEvent> Inputs => _inputs;

    public void Add(IEnumerable<PublishEvent> publishes) => Add(() => _publishes.AddRange(publishes));

    public void Add(InstanceEvent instance) => Add(() => _instances.Add(instance));

    public void Add(EndEvent end) => Add(() => _ends.Add(end));

    public void Add(PageEvent page) => Add(() => _pages.Add(page));

    public void Add(IEnumerable<InputEvent> inputs) => Add(() => _inputs.AddRange(inputs));
}

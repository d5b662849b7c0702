using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>The definitions as they will be when the rows of a plan are applied: what rules about several queues are judged by. Belongs to the plan.</summary>
internal sealed class PlannedDefinitions(QueueDirectory queues)
{
    // Null: the queue will be gone.
    private readonly Dictionary<QueueKey, QueueDefinition?> _planned = [];

    public void Add(CatalogRow row) => _planned[row.Key] = row.IsDeleting ? null : row.Definition;

    public QueueDefinition? Find(QueueKey key) => _planned.TryGetValue(key, out QueueDefinition? definition) ? definition : queues.DefinitionOf(key);

    /// <summary>The queues whose dead letters will go there.</summary>
    public IReadOnlyCollection<QueueKey> SourcesOf(QueueKey key) =>
    [
        .. queues.DeadLetters.Of(key).Where(source => !_planned.ContainsKey(source)),
        .. _planned.Where(planned => planned.Value?.DeadLetter is { } deadLetter && planned.Key with { Name = deadLetter.Queue } == key).Select(planned => planned.Key),
    ];
}

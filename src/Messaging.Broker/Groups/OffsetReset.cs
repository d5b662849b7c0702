using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>Where a group is to go on. Immutable.</summary>
/// <param name="At">A time (ms since 1970), whose first record it is; <see cref="FetchRequest.Earliest"/> or <see cref="FetchRequest.Latest"/>.</param>
/// <param name="Targets">Topics, or one partition of them; none: every topic of which the group has offsets.</param>
public sealed record OffsetReset(long At, IReadOnlyList<ResetTarget> Targets);

/// <summary>A topic of a reset, or one partition of it. A value.</summary>
/// <param name="Topic">In the group's namespace.</param>
/// <param name="Partition">Null for all.</param>
public readonly record struct ResetTarget(TopicName Topic, int? Partition = null);

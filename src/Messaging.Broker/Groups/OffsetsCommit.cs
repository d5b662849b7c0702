namespace Messaging.Broker.Groups;

/// <summary>Offsets to commit, and as whom. Immutable.</summary>
/// <param name="Offsets">1 to <see cref="GroupLimits.OffsetsPerCallMax"/>.</param>
/// <param name="Member">The member that commits; null for nobody's in particular, which is refused while the group has members.</param>
/// <param name="Generation">The member's; null without a member.</param>
/// <param name="InstanceId">The member's own name, where it is a static one.</param>
public sealed record OffsetsCommit(IReadOnlyList<OffsetEntry> Offsets, MemberId? Member = null, int? Generation = null, string? InstanceId = null);

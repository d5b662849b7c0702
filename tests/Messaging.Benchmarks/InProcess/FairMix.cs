namespace Messaging.Benchmarks.InProcess;

/// <summary>Who sends to the workers of a <see cref="FairLoad"/>.</summary>
internal enum FairMix
{
    /// <summary>All groups but the noisy one.</summary>
    QuietAlone = 0,

    /// <summary>The noisy group too, with a backlog.</summary>
    Noisy = 1,

    /// <summary>The same messages without their groups: first in, first out.</summary>
    NoisyWithoutGroups = 2,

    /// <summary>As many messages as with the noisy group, of all groups alike, and no backlog.</summary>
    Even = 3,
}

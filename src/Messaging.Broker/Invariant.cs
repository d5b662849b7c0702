using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker;

/// <summary>Checks that are always on: a failed one is a bug, ends the process, and is never caught.</summary>
internal static class Invariant
{
    public static void Check([DoesNotReturnIf(false)] bool holds, string sentence)
    {
        if (!holds) throw new UnreachableException(sentence);
    }
}

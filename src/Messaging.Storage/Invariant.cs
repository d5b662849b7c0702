using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Messaging.Storage;

/// <summary>Checks that hold in every build (engine.md sections 4 and 10): a broken one is a bug, which ends the process and is never caught.</summary>
internal static class Invariant
{
    public static void Check([DoesNotReturnIf(false)] bool condition, string invariant)
    {
        if (!condition)
        {
            throw new UnreachableException("Invariant broken: " + invariant);
        }
    }
}

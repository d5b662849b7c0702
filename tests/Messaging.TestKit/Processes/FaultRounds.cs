using System.Globalization;

namespace Messaging.TestKit.Processes;

/// <summary>How often a fault is repeated: few times in the test command, more where MESSAGING_FAULT_ROUNDS says so (tests/long.sh).</summary>
internal static class FaultRounds
{
    public static int Of(int ordinary) =>
        int.TryParse(Environment.GetEnvironmentVariable("MESSAGING_FAULT_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) && rounds > 0 ? rounds : ordinary;
}

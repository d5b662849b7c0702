namespace Messaging.Simulation.Harness;

/// <summary>The engine gave an answer that the model does not allow.</summary>
internal sealed class SimulationException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    public static void Check(bool condition, string expected)
    {
        if (!condition)
        {
            throw new SimulationException(expected);
        }
    }
}

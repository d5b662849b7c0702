namespace Messaging.TestKit.Traces;

/// <summary>
/// One call out of a trace. <see cref="Began"/> and <see cref="Ended"/> are places in the trace's order: the tracer holds a thread at both, so that
/// what a thread does because of a call's return stands after its end. A call that never returned has no end.
/// </summary>
internal sealed record SystemCall(int Thread, string Name, string Target, ReadOnlyMemory<byte> Data, long? Result, int Began, int Ended)
{
    /// <summary>The tracer made it fail.</summary>
    public bool IsInjected { get; init; }

    public const int Never = int.MaxValue;

    /// <summary>The bytes that went through: of a read only those that it returned.</summary>
    public ReadOnlyMemory<byte> Moved => Result is >= 0 && Result < Data.Length ? Data[..(int)Result] : Data;
}

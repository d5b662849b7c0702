using Messaging.Http;

namespace Messaging.Grpc.Tests;

/// <summary>A bound of what the server buffers of which others have taken all but so much, until this is disposed.</summary>
internal sealed class FullBudget : IDisposable
{
    private const long BytesFirst = 1L << 40;

    private readonly BufferBudget _budget;
    private readonly long _taken;

    public FullBudget(BufferBudget budget, long left = 0)
    {
        _budget = budget;
        for (long bytes = BytesFirst; bytes > 0; bytes /= 2)
        {
            while (budget.TryTake(bytes)) _taken += bytes;
        }
        budget.Return(left);
        _taken -= left;
    }

    public void Dispose() => _budget.Return(_taken);
}

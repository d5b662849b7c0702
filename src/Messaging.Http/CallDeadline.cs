using Microsoft.AspNetCore.Http;

namespace Messaging.Http;

/// <summary>
/// Cuts a call's connection, or its stream, after so long, unless it is disposed before; from then on it does nothing, since Kestrel has the context for another call soon.
/// </summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _cutting;

    public CallDeadline(HttpContext context, int seconds, TimeProvider clock)
    {
        _source = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), clock);
        _cutting = _source.Token.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
    }

    /// <summary>Waits for a cut that is under way.</summary>
    public void Dispose()
    {
        _cutting.Dispose();
        _source.Dispose();
    }
}

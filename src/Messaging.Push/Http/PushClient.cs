using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Messaging.Push.Http;

/// <summary>
/// Makes one attempt to deliver a message to an endpoint of HTTP, which somebody else has chosen: it goes only where <see cref="EndpointGuard"/> allows, follows no redirect, keeps no cookie, uses no proxy, checks
/// certificates, and takes a bounded time and a bounded answer. Retries are the delivery policy's. One for the process; thread-safe; owned by who made it.
/// </summary>
public sealed class PushClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly EndpointBreakers _breakers;
    private readonly PushOptions _options;
    private readonly TimeProvider _time;
    private int _inFlight;

    /// <summary>Looks names up by the machine's DNS.</summary>
    public PushClient(PushOptions options, TimeProvider time)
        : this(options, time, static (host, token) => Dns.GetHostAddressesAsync(host, token))
    {
    }

    /// <summary>With other seams: who looks names up, and whose certificates are trusted instead of the machine's.</summary>
    internal PushClient(PushOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve, X509ChainPolicy? trust = null)
    {
        (_options, _time, _breakers) = (options, time, new EndpointBreakers(options, time));
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = new EndpointConnector(new EndpointGuard(options.AllowPrivateNetworks), resolve, options.AttemptTimeout, time).ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
            ConnectTimeout = options.AttemptTimeout,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = PushLimits.ConnectionsPerHostMax,
            PooledConnectionLifetime = PushLimits.ConnectionLifetime,
            PooledConnectionIdleTimeout = PushLimits.ConnectionIdle,
            MaxResponseHeadersLength = PushLimits.AnswerHeadKilobytesMax,
            MaxResponseDrainSize = PushLimits.AnswerDrainBytesMax,
            ResponseDrainTimeout = options.AnswerTimeout,
        });
    }

    /// <summary>One attempt. Throws only when it is cancelled.</summary>
    public async Task<PushResult> PostAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (!IsEndpoint(request.Endpoint)) return new PushResult { Fault = PushFault.EndpointInvalid };
        long start = _time.GetTimestamp();
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            if (Interlocked.Increment(ref _inFlight) > PushLimits.InFlightMax) return new PushResult { Fault = PushFault.Overloaded };
            Outcome<PushResult> outcome = await _breakers.Of(request.Endpoint).ExecuteOutcomeAsync(
                static (context, state) => state.Client.AttemptAsync(state.Request, context.CancellationToken), context, (Client: this, Request: request));
            return ResultOf(outcome) with { Elapsed = _time.GetElapsedTime(start) };
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private static bool IsEndpoint(Uri endpoint) =>
        endpoint.IsAbsoluteUri && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps) && endpoint.Host.Length > 0;

    private static PushResult ResultOf(in Outcome<PushResult> outcome)
    {
        switch (outcome.Exception)
        {
            case null:
                return outcome.Result;
            case BrokenCircuitException open:
                return new PushResult { Fault = PushFault.LeftAlone, RetryAfter = open.RetryAfter };
            case TimeoutRejectedException:
                return new PushResult { Fault = PushFault.Timeout };
            default:
                outcome.ThrowIfException();
                throw new UnreachableException();
        }
    }

    // A token that fires is seen by the pipeline, which knows whether it was the time limit or the caller.
    private async ValueTask<Outcome<PushResult>> AttemptAsync(PushRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage message = Message(request);
            using HttpResponseMessage response = await _invoker.SendAsync(message, cancellationToken);
            return Outcome.FromResult(new PushResult { Status = (int)response.StatusCode, Answer = await AnswerHead.ReadAsync(response, _options.AnswerTimeout, _time, cancellationToken) });
        }
        catch (Exception fault) when (PushFaults.Of(fault) is { } known)
        {
            // What breaks when the time is over, broke because of that.
            return cancellationToken.IsCancellationRequested
                ? Outcome.FromException<PushResult>(new OperationCanceledException(cancellationToken))
                : Outcome.FromResult(new PushResult { Fault = known });
        }
    }

    private static HttpRequestMessage Message(PushRequest request)
    {
        var content = new ReadOnlyMemoryContent(request.Body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        var message = new HttpRequestMessage(HttpMethod.Post, request.Endpoint) { Content = content, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach ((string name, string value) in request.Headers)
        {
            // A value with line ends would be another header; ours have none.
            if (value.AsSpan().ContainsAny('\r', '\n') || !message.Headers.TryAddWithoutValidation(name, value)) throw new ArgumentException($"The header {name} can't be sent.", nameof(request));
        }

        if (request.Endpoint.UserInfo.Length > 0)
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(request.Endpoint.UserInfo))));
        return message;
    }
}

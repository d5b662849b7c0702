using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Http;

/// <summary>One request and what is known of it so far. Owned by the call.</summary>
internal sealed class Exchange(HttpContext context, AwsProtocol protocol, string id)
{
    public HttpContext Context => context;

    public AwsProtocol Protocol => protocol;

    /// <summary>The request's name, which its answer carries.</summary>
    public string Id => id;

    /// <summary>Guessed until its operation is known.</summary>
    public AwsService Service { get; set; } = protocol == AwsProtocol.Json ? AwsService.Sqs : ServiceGuess.Of(context.Request);
}

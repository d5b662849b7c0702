using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>How a fetch is answered: what the client says that it accepts.</summary>
internal enum FetchForm
{
    /// <summary>One page as JSON.</summary>
    Page,

    /// <summary>Record batches as they are stored.</summary>
    Batches,

    /// <summary>A stream of server-sent events.</summary>
    Events,

    /// <summary>A stream of lines of JSON.</summary>
    Lines,
}

/// <summary>Tells them apart, and what each one takes. Hot path.</summary>
internal static class FetchForms
{
    public const string EventStream = "text/event-stream";
    public const string JsonLines = "application/x-ndjson";

    public static FetchForm Of(HttpRequest request)
    {
        string accept = request.Headers.Accept.ToString();
        if (accept.Length == 0)
            return FetchForm.Page;
        if (accept.Contains(MediaTypes.RecordBatch, StringComparison.OrdinalIgnoreCase))
            return FetchForm.Batches;
        // Who asks for the head of a stream does not want its body, which has no end.
        if (HttpMethods.IsHead(request.Method))
            return FetchForm.Page;
        if (accept.Contains(EventStream, StringComparison.OrdinalIgnoreCase))
            return FetchForm.Events;
        return accept.Contains(JsonLines, StringComparison.OrdinalIgnoreCase) ? FetchForm.Lines : FetchForm.Page;
    }

    /// <summary>The query parameters of a fetch in this form.</summary>
    public static string[] QueryParameters(FetchForm form) => form switch
    {
        FetchForm.Page => FetchQuery.OfPages,
        FetchForm.Batches => FetchQuery.OfBatches,
        FetchForm.Events or FetchForm.Lines => FetchQuery.OfStreams,
    };
}

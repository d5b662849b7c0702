using System.Globalization;
using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// A fetch that is answered with the stored record batches as they are, back to back. Hot path: the bytes go from where the fetch has them to Kestrel's buffer, in pieces, and nowhere else.
/// </summary>
internal sealed class FetchBatches(Front front)
{
    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large answers are being read; ask for less by maxBytes, or again later.");

    public async Task<Problem?> RunAsync(HttpContext context, FetchPlace place, FetchQuery query)
    {
        Result<FetchedRecords> fetched = await place.FetchAsync(context, query);
        if (!fetched.IsOk)
            return Problem.Of(fetched.Error, place.Topic);
        using FetchedRecords records = fetched.Value;
        // The records, and what Kestrel holds of them.
        long reserved = records.Bytes <= HttpLimits.AnswerBytesKept ? 0 : records.Bytes + Math.Min(records.Bytes, HttpLimits.StoredBytesWritten);
        if (reserved > 0 && !front.AnswerBudget.TryTake(reserved))
            return Overloaded;
        try
        {
            SetHeaders(context.Response, records);
            using IDisposable? deadline = reserved > 0 ? AnswerDeadline.Start(context, front.Clock) : null;
            await WriteAsync(new PieceWriter(context.Response.BodyWriter, HttpLimits.StoredBytesWritten), records);
        }
        finally
        {
            front.AnswerBudget.Return(reserved);
        }
        return null;
    }

    private static void SetHeaders(HttpResponse response, FetchedRecords records)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = MediaTypes.RecordBatch;
        response.ContentLength = records.Bytes;
        response.Headers["Messaging-Next-Offset"] = Text(records.NextOffset);
        response.Headers["Messaging-High-Watermark"] = Text(records.Offsets.HighWatermark);
        response.Headers["Messaging-Last-Stable-Offset"] = Text(records.Offsets.LastStable);
    }

    private static async Task WriteAsync(PieceWriter writer, FetchedRecords records)
    {
        for (int batch = 0; batch < records.BatchCount; batch++)
        {
            // A client that has left takes no more, and the records are not kept for it.
            if (!await writer.WriteAsync(records.BatchAt(batch)))
                return;
        }
        await writer.FlushAsync();
    }

    private static string Text(long offset) => offset.ToString(CultureInfo.InvariantCulture);
}

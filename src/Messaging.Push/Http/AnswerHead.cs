namespace Messaging.Push.Http;

/// <summary>Reads the first bytes of an answer's body, for an operator to see. The status is known by then and counts, so that a body that is slow, endless or broken changes nothing: what has come is kept.</summary>
internal static class AnswerHead
{
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[PushLimits.AnswerBytesMax];
        int length = 0;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(either.Token);
            while (length < bytes.Length)
            {
                int read = await body.ReadAsync(bytes.AsMemory(length), either.Token);
                if (read == 0) break;
                length += read;
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException)
        {
            // Also when the attempt's time is over: it has its answer.
        }

        return bytes.AsMemory(0, length);
    }
}

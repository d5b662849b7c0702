using System.Buffers;

namespace Messaging.Push.Http;

/// <summary>
/// Reads the first bytes of an answer's body: of a failure for an operator to see, of a success so that its connection can be used again. The status is known by then and counts, so that a body that is slow, endless or broken
/// changes nothing: what has come is kept.
/// </summary>
internal static class AnswerHead
{
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        // Most have none.
        if (response.Content.Headers.ContentLength == 0) return default;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PushLimits.AnswerBytesMax);
        int length = 0;
        Task<int> reading = Task.FromResult(0);
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            long start = time.GetTimestamp();
            while (length < PushLimits.AnswerBytesMax)
            {
                // Mostly it came with the head, and needs no timer.
                reading = body.ReadAsync(buffer.AsMemory(length, PushLimits.AnswerBytesMax - length), cancellationToken).AsTask();
                int read = reading.IsCompleted ? await reading : await reading.WaitAsync(Left(time, start, timeout), time, cancellationToken);
                if (read == 0) break;
                length += read;
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or TimeoutException or HttpRequestException or IOException)
        {
            // Also when the attempt's time is over: it has its answer.
        }

        ReadOnlyMemory<byte> head = response.IsSuccessStatusCode ? default : buffer.AsSpan(0, length).ToArray();
        // One that is still read into is nobody else's.
        if (reading.IsCompleted) ArrayPool<byte>.Shared.Return(buffer);
        else _ = reading.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return head;
    }

    private static TimeSpan Left(TimeProvider time, long start, TimeSpan timeout)
    {
        TimeSpan left = timeout - time.GetElapsedTime(start);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

using Grpc.Core;
using Messaging.Http;

namespace Messaging.Grpc.Streams;

/// <summary>
/// The responses of a stream, one after the other whoever writes them. What is known to be followed by another one is not flushed by itself. A client that does not read what is more than Kestrel takes has a time to (<see cref="AnswerDeadline"/>). Thread-safe. Hot path.
/// </summary>
internal sealed class Answers<TResponse>(IServerStreamWriter<TResponse> writer, ServerCallContext context, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Compression is as the call began.
    private readonly WriteOptions? _flushed = context.WriteOptions;
    private readonly WriteOptions _buffered = new((context.WriteOptions?.Flags ?? 0) | WriteFlags.BufferHint);

    public Task WriteAsync(TResponse response) => WriteAsync([response]);

    public async Task WriteAsync(IReadOnlyList<TResponse> responses)
    {
        await _turn.WaitAsync(context.CancellationToken);
        try
        {
            for (int index = 0; index < responses.Count; index++)
            {
                context.WriteOptions = index < responses.Count - 1 ? _buffered : _flushed;
                Task writing = writer.WriteAsync(responses[index]);
                if (!writing.IsCompletedSuccessfully)
                    await InTimeAsync(writing);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Without a token: the package would reset the stream by it, and the status that says why would be lost.
    private async Task InTimeAsync(Task writing)
    {
        using IDisposable deadline = AnswerDeadline.Start(context.GetHttpContext(), clock);
        await writing;
    }
}

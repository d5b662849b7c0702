using System.IO.Pipelines;

namespace Messaging.Http.Tests;

public sealed class PieceWriterTests
{
    private const int Piece = HttpLimits.AnswerBytesWritten;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(Piece - 1, 3)]
    [InlineData(Piece, 2)]
    [InlineData(Piece + 1, 3)]
    [InlineData((5 * Piece) + 7, 1)]
    [InlineData(1_000, 500)]
    public async Task Bytes_arrive_whole_and_in_order(int length, int writes)
    {
        var pipe = new Pipe();
        byte[] bytes = new byte[length * writes];
        new Random(46).NextBytes(bytes);
        using var arrived = new MemoryStream();
        Task reading = pipe.Reader.CopyToAsync(arrived);
        var writer = new PieceWriter(pipe.Writer, Piece);
        for (int write = 0; write < writes; write++)
            Assert.True(await writer.WriteAsync(bytes.AsMemory(write * length, length)));
        Assert.True(await writer.FlushAsync());
        await pipe.Writer.CompleteAsync();
        await reading;

        Assert.Equal(bytes, arrived.ToArray());
    }

    [Fact]
    public async Task A_reader_that_is_behind_is_waited_for_piece_by_piece()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Piece, resumeWriterThreshold: Piece / 2));
        var writer = new PieceWriter(pipe.Writer, Piece);
        Task<bool> writing = writer.WriteAsync(new byte[3 * Piece]).AsTask();

        Assert.False(writing.IsCompleted);
        pipe.Reader.TryRead(out ReadResult held);
        Assert.Equal(Piece, held.Buffer.Length);
        pipe.Reader.AdvanceTo(held.Buffer.End);
        await pipe.Reader.CompleteAsync();
        Assert.False(await writing);
    }
}

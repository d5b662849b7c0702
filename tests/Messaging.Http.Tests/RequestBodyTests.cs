using System.IO.Pipelines;
using Messaging.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.Http.Tests;

public sealed class RequestBodyTests
{
    private const int BytesMax = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(50_000)]
    [InlineData(BytesMax)]
    public async Task A_body_within_the_limit_arrives_in_one_piece(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var budget = new BufferBudget(HttpLimits.BufferedBytesMax);
        var (context, pipe) = Request();
        Task writing = WriteAsync(pipe.Writer, bytes);

        var (body, fault) = await RequestBody.ReadAsync(context, budget, BytesMax, TimeProvider.System);
        await writing;

        Assert.Null(fault);
        Assert.Equal(bytes, body.Bytes.ToArray());
        body.Dispose();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_left_unread_behind_it()
    {
        var budget = new BufferBudget(HttpLimits.BufferedBytesMax);
        var (context, pipe) = Request();
        Task writing = WriteAsync(pipe.Writer, new byte[100 * BytesMax]);

        var (_, fault) = await RequestBody.ReadAsync(context, budget, BytesMax, TimeProvider.System);

        Assert.Equal(BodyFault.TooLarge, fault);
        Assert.Equal("close", context.Response.Headers.Connection);
        Assert.False(writing.IsCompleted);
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task A_length_over_the_limit_is_refused_before_the_first_byte()
    {
        var (context, _) = Request();
        context.Request.ContentLength = BytesMax + 1;

        var (_, fault) = await RequestBody.ReadAsync(context, new BufferBudget(HttpLimits.BufferedBytesMax), BytesMax, TimeProvider.System);

        Assert.Equal(BodyFault.TooLarge, fault);
    }

    [Fact]
    public async Task A_body_that_comes_in_many_parts_into_one_piece_of_the_buffer_is_read_where_it_lies()
    {
        byte[] bytes = new byte[30_000];
        new Random(1).NextBytes(bytes);
        var budget = new BufferBudget(bytesMax: 0);
        var (context, pipe) = Request(segmentBytes: 64 * 1024);
        Task writing = WriteAsync(pipe.Writer, bytes);

        var (body, fault) = await RequestBody.ReadAsync(context, budget, BytesMax, TimeProvider.System);
        await writing;

        Assert.Null(fault);
        Assert.Equal(bytes, body.Bytes.ToArray());
        body.Dispose();
        Assert.True(pipe.Reader.TryRead(out ReadResult rest) && rest.IsCompleted && rest.Buffer.IsEmpty);
    }

    [Theory]
    [InlineData(10_000, BytesMax, 16_384)]
    [InlineData(20_000, BytesMax, 32_768)]
    [InlineData(40_000, BytesMax, BytesMax)]
    [InlineData(40_000, null, 65_536)]
    public async Task Memory_grows_to_a_length_that_is_claimed_only_when_a_quarter_of_it_has_come(int sent, int? claimed, int taken)
    {
        var budget = new BufferBudget(HttpLimits.BufferedBytesMax);
        var (context, pipe) = Request();
        context.Request.ContentLength = claimed;
        Task<(RequestBody Body, BodyFault? Fault)> reading = RequestBody.ReadAsync(context, budget, BytesMax, TimeProvider.System).AsTask();
        for (int i = 0; i < sent; i += 1_000) await pipe.Writer.WriteAsync(new byte[1_000]);

        Assert.Equal(taken, budget.Taken);
        await WriteAsync(pipe.Writer, new byte[BytesMax - sent]);
        (RequestBody body, BodyFault? fault) = await reading;
        Assert.Null(fault);
        Assert.Equal(BytesMax, body.Bytes.Length);
        body.Dispose();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task As_much_as_the_limit_is_enough_for_a_body_of_the_limit_that_claims_no_length()
    {
        var budget = new BufferBudget(BytesMax);
        var (context, pipe) = Request();
        Task writing = WriteAsync(pipe.Writer, new byte[BytesMax]);

        var (body, fault) = await RequestBody.ReadAsync(context, budget, BytesMax, TimeProvider.System);
        await writing;

        Assert.Equal((null, BytesMax), (fault, body.Bytes.Length));
        body.Dispose();
    }

    [Fact]
    public async Task A_full_budget_refuses_and_gives_back_what_it_took()
    {
        var budget = new BufferBudget(bytesMax: 20_000);
        var (context, pipe) = Request();
        Task writing = WriteAsync(pipe.Writer, new byte[50_000]);

        var (_, fault) = await RequestBody.ReadAsync(context, budget, BytesMax, TimeProvider.System);

        Assert.Equal(BodyFault.Overloaded, fault);
        Assert.Equal(0, budget.Taken);
        Assert.False(writing.IsFaulted);
    }

    [Fact]
    public async Task A_body_that_comes_for_too_long_ends_its_connection()
    {
        var clock = new ManualTimeProvider();
        var (context, pipe) = Request();
        var lifetime = new Lifetime();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        await pipe.Writer.WriteAsync(new byte[5_000]);
        Task reading = RequestBody.ReadAsync(context, new BufferBudget(HttpLimits.BufferedBytesMax), BytesMax, clock).AsTask();

        clock.Advance(TimeSpan.FromSeconds(HttpLimits.BodySecondsMax - 1));
        Assert.False(lifetime.IsAborted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(lifetime.IsAborted);
        await pipe.Writer.CompleteAsync(new IOException("aborted"));
        await Assert.ThrowsAsync<IOException>(() => reading);
    }

    [Fact]
    public async Task A_client_that_breaks_off_gives_back_what_it_took()
    {
        var budget = new BufferBudget(HttpLimits.BufferedBytesMax);
        var (context, pipe) = Request();
        await pipe.Writer.WriteAsync(new byte[5_000]);
        await pipe.Writer.CompleteAsync(new IOException("gone"));

        await Assert.ThrowsAsync<IOException>(() => RequestBody.ReadAsync(context, budget, BytesMax, TimeProvider.System).AsTask());

        Assert.Equal(0, budget.Taken);
    }

    private static async Task WriteAsync(PipeWriter writer, ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(1_000, bytes.Length)..])
            await writer.WriteAsync(bytes[..Math.Min(1_000, bytes.Length)]);
        await writer.CompleteAsync();
    }

    private static (HttpContext Context, Pipe Pipe) Request(int segmentBytes = 4_096)
    {
        int pause = Math.Max(8_192, segmentBytes);
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: pause, resumeWriterThreshold: pause / 2, minimumSegmentSize: segmentBytes,
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new PipeFeature(pipe.Reader));
        return (context, pipe);
    }

    private sealed record PipeFeature(PipeReader Reader) : IRequestBodyPipeFeature;

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }
}

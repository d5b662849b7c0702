using System.IO.Pipelines;
using System.Text;
using Messaging.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Http.Tests;

public sealed class BufferedAnswerTests
{
    private const int Large = 1_000_000;

    [Fact]
    public void A_large_answer_holds_its_place_until_it_is_disposed()
    {
        var budget = new BufferBudget(5 * Large / 2);
        BufferedAnswer first = Compose(Large);
        BufferedAnswer second = Compose(Large);
        BufferedAnswer third = Compose(Large);

        Assert.Equal((true, true, false), (first.TryReserve(budget, TimeProvider.System), second.TryReserve(budget, TimeProvider.System), third.TryReserve(budget, TimeProvider.System)));
        Assert.InRange(budget.Taken, 2 * Large, 5 * Large / 2);
        first.Dispose();
        Assert.True(third.TryReserve(budget, TimeProvider.System));
        second.Dispose();
        third.Dispose();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void A_small_answer_needs_no_place()
    {
        using BufferedAnswer answer = Compose(HttpLimits.AnswerBytesKept - 2);

        Assert.True(answer.TryReserve(new BufferBudget(bytesMax: 0), TimeProvider.System));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(HttpLimits.AnswerBytesWritten - 2)]
    [InlineData(HttpLimits.AnswerBytesWritten - 1)]
    [InlineData(Large)]
    public async Task It_arrives_whole_and_is_handed_over_in_pieces(int length)
    {
        var (context, pipe, _) = Response();
        using BufferedAnswer answer = Compose(length);
        Task sending = answer.SendAsync(context, 200);
        // Nobody reads yet: what was handed over is what the connection would hold.
        pipe.Reader.TryRead(out ReadResult held);
        Assert.InRange(held.Buffer.Length, Math.Min(length, HttpLimits.AnswerBytesWritten), 2 * HttpLimits.AnswerBytesWritten);
        pipe.Reader.AdvanceTo(held.Buffer.Start);

        long read = 0;
        while (read < length + 2)
        {
            ReadResult result = await pipe.Reader.ReadAsync();
            read += result.Buffer.Length;
            pipe.Reader.AdvanceTo(result.Buffer.End);
        }
        await sending;

        Assert.Equal((length + 2L, length + 2L), (read, context.Response.ContentLength!.Value));
    }

    [Fact]
    public async Task A_small_answer_counts_while_its_reader_is_behind()
    {
        var (context, pipe, lifetime) = Response();
        BufferBudget answers = context.RequestServices.GetRequiredService<BufferBudgets>().Answers;
        using BufferedAnswer answer = Compose(HttpLimits.AnswerBytesWritten - 3);
        await pipe.Writer.WriteAsync(new byte[HttpLimits.AnswerBytesWritten - 1]);

        Task sending = answer.SendAsync(context, 200);

        Assert.Equal((HttpLimits.AnswerBytesBehind, false), (answers.Taken, lifetime.IsAborted));
        await pipe.Reader.CompleteAsync();
        await sending;
        Assert.Equal(0, answers.Taken);
    }

    [Fact]
    public async Task Where_there_is_no_place_for_it_the_connection_of_a_reader_that_is_behind_is_cut()
    {
        var (context, pipe, lifetime) = Response();
        BufferBudget answers = context.RequestServices.GetRequiredService<BufferBudgets>().Answers;
        Assert.True(answers.TryTake(answers.BytesMax));
        using BufferedAnswer answer = Compose(HttpLimits.AnswerBytesWritten - 3);
        await pipe.Writer.WriteAsync(new byte[HttpLimits.AnswerBytesWritten - 1]);

        Task sending = answer.SendAsync(context, 200);

        Assert.True(lifetime.IsAborted);
        await pipe.Reader.CompleteAsync();
        await sending;
        Assert.Equal(answers.BytesMax, answers.Taken);
    }

    [Fact]
    public async Task A_reader_that_has_left_ends_it()
    {
        var (context, pipe, _) = Response();
        using BufferedAnswer answer = Compose(Large);
        Task sending = answer.SendAsync(context, 200);

        await pipe.Reader.CompleteAsync();

        await sending.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    [Fact]
    public async Task Who_has_not_read_a_large_answer_in_time_is_cut_off()
    {
        var (context, pipe, lifetime) = Response();
        var clock = new ManualTimeProvider();
        using BufferedAnswer answer = Compose(Large);
        Assert.True(answer.TryReserve(new BufferBudget(2 * Large), clock));
        Task sending = answer.SendAsync(context, 200);
        for (int second = 1; second < HttpLimits.AnswerSecondsMax; second++)
        {
            // Piece by piece, as a reader does who wants to stay for ever.
            pipe.Reader.TryRead(out ReadResult held);
            pipe.Reader.AdvanceTo(held.Buffer.GetPosition(Math.Min(5_000, held.Buffer.Length)));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(lifetime.IsAborted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(lifetime.IsAborted);
        await pipe.Reader.CompleteAsync();
        await sending;
    }

    private static BufferedAnswer Compose(int characters)
    {
        BufferedAnswer answer = BufferedAnswer.Rent();
        answer.Writer.WriteStringValue(Encoding.ASCII.GetBytes(new string('x', characters)));
        return answer;
    }

    private static (HttpContext Context, Pipe Pipe, Lifetime Lifetime) Response()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: HttpLimits.AnswerBytesWritten, resumeWriterThreshold: 1_024, useSynchronizationContext: false));
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(new BufferBudgets(memoryBytes: 0)).BuildServiceProvider() };
        var lifetime = new Lifetime();
        context.Features.Set<IHttpResponseBodyFeature>(new Body(pipe.Writer));
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        return (context, pipe, lifetime);
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }

    private sealed class Body(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => Writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

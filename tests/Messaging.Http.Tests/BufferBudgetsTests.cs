namespace Messaging.Http.Tests;

public sealed class BufferBudgetsTests
{
    private const long Plenty = long.MaxValue;
    private const long Large = 2 * HttpLimits.PooledBytesMax;

    [Theory]
    [InlineData(Plenty, HttpLimits.AnswerBytesMax)]
    [InlineData(1L << 30, (1L << 30) / 6)]
    [InlineData(1L << 20, HttpLimits.BudgetBytesMin)]
    public void A_budget_follows_the_memory_that_the_process_may_have(long memory, long bytes)
    {
        using var budgets = new BufferBudgets(memory);

        Assert.True(budgets.Answers.TryTake(bytes));
        Assert.False(budgets.Answers.TryTake(1));
    }

    [Fact]
    public async Task What_a_large_answer_is_made_from_has_a_place_until_it_is_composed()
    {
        using var budgets = new BufferBudgets(Plenty);
        using BufferedAnswer answer = BufferedAnswer.Rent();
        long taken = 0;

        Assert.True(await budgets.ComposeAsync(answer, Large, TimeProvider.System, budgets, (_, all) => taken = all.Answers.Taken));

        // From there on it has that of its buffer.
        Assert.Equal((Large, true), (taken, budgets.Answers.Taken <= 2 * Large));
    }

    [Fact]
    public async Task Without_a_place_nothing_is_composed_and_nothing_stays_taken()
    {
        using var budgets = new BufferBudgets(Plenty);
        Assert.True(budgets.Answers.TryTake(HttpLimits.AnswerBytesMax - 1));
        using BufferedAnswer answer = BufferedAnswer.Rent();

        Assert.False(await budgets.ComposeAsync(answer, Large, TimeProvider.System, 0, static (_, _) => Assert.Fail("It was composed.")));

        Assert.Equal(HttpLimits.AnswerBytesMax - 1, budgets.Answers.Taken);
    }

    [Fact]
    public async Task Large_answers_are_composed_one_after_the_other()
    {
        using var budgets = new BufferBudgets(Plenty);
        using var inside = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        using BufferedAnswer first = BufferedAnswer.Rent(), second = BufferedAnswer.Rent(), small = BufferedAnswer.Rent();
        Task<bool> composing = Task.Run(() => budgets.ComposeAsync(first, Large, TimeProvider.System, 0, (_, _) =>
        {
            inside.Release();
            go.Wait();
        }).AsTask());
        await inside.WaitAsync();

        Task<bool> waiting = budgets.ComposeAsync(second, Large, TimeProvider.System, 0, static (_, _) => { }).AsTask();
        Assert.True(await budgets.ComposeAsync(small, 1, TimeProvider.System, 0, static (_, _) => { }));
        Assert.False(waiting.IsCompleted);
        go.Release();

        Assert.Equal((true, true), (await composing, await waiting));
    }
}

using Messaging.Broker.Documents;
using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Catalog;

public sealed class ChangeDocumentsTests
{
    [Fact]
    public async Task Documents_survive_a_kill_and_a_restart_and_are_gone_once_they_are_deleted()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await PutAsync(broker, "a", "{\"ü\":1}");
        await PutAsync(broker, "b", "");
        await PutAsync(broker, "c", "gone");
        await broker.Broker.Documents.ChangeAsync(Key("c"), static _ => (string?)null, default);

        await AssertKeptAsync(broker);
        broker.Kill();
        await AssertKeptAsync(broker);
        await broker.Restart();
        await AssertKeptAsync(broker);
        broker.Kill();
        await AssertKeptAsync(broker);
    }

    [Fact]
    public async Task A_change_sees_what_is_there_and_may_refuse()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await PutAsync(broker, "a", "1");

        Result<string?> appended = await broker.Broker.Documents.ChangeAsync(Key("a"), static text => text + "2", default);
        Result<string?> refused = await broker.Broker.Documents.ChangeAsync(Key("a"), static _ => new BrokerError(ErrorCode.Immutable, "No."), default);

        Assert.Equal("12", appended.Value);
        Assert.Equal(ErrorCode.Immutable, refused.Error?.Code);
        Assert.Equal("12", (await broker.Broker.Documents.GetAsync(Key("a"), default)).Value);
    }

    [Fact]
    public async Task A_list_has_those_with_the_prefix_in_the_order_of_names_by_pages()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        foreach (string name in (string[])["x/2", "x/1", "y/1", "x/3"]) await PutAsync(broker, name, name);
        await broker.Broker.Documents.ChangeAsync(Key("x/0") with { Kind = "other" }, static _ => "other", default);

        DocumentPage first = (await broker.Broker.Documents.ListAsync(Key("x/"), 2, null, default)).Value;
        DocumentPage second = (await broker.Broker.Documents.ListAsync(Key("x/"), 2, first.NextPageToken, default)).Value;

        Assert.Equal(["x/1", "x/2"], first.Documents.Select(static one => one.Name));
        Assert.Equal(["x/3"], second.Documents.Select(static one => one.Name));
        Assert.Null(second.NextPageToken);
        Assert.Empty((await broker.Broker.Documents.ListAsync(Key("z"), 2, null, default)).Value.Documents);
    }

    [Fact]
    public async Task Bounds_hold_on_both_ends()
    {
        await using BrokerHarness broker = BrokerHarness.Start();

        Assert.True((await ChangeAsync(new string('n', BrokerLimits.DocumentNameBytesMax), new string('t', BrokerLimits.DocumentCharactersMax))).IsOk);
        Assert.Equal(ErrorCode.InvalidName, (await ChangeAsync(new string('n', BrokerLimits.DocumentNameBytesMax + 1), "")).Error?.Code);
        Assert.Equal(ErrorCode.InvalidName, (await ChangeAsync("", "")).Error?.Code);
        Assert.Equal(ErrorCode.InvalidValue, (await ChangeAsync("n", new string('t', BrokerLimits.DocumentCharactersMax + 1))).Error?.Code);
        Assert.Null((await broker.Broker.Documents.GetAsync(Key("n"), default)).Value);

        ValueTask<Result<string?>> ChangeAsync(string name, string text) => broker.Broker.Documents.ChangeAsync(Key(name), _ => text, default);
    }

    private static async Task AssertKeptAsync(BrokerHarness broker)
    {
        Assert.Equal("{\"ü\":1}", (await broker.Broker.Documents.GetAsync(Key("a"), default)).Value);
        Assert.Equal("", (await broker.Broker.Documents.GetAsync(Key("b"), default)).Value);
        Assert.Null((await broker.Broker.Documents.GetAsync(Key("c"), default)).Value);
    }

    private static async Task PutAsync(BrokerHarness broker, string name, string text) =>
        Assert.Equal(text, (await broker.Broker.Documents.ChangeAsync(Key(name), _ => text, default)).Value);

    private static DocumentKey Key(string name) => new(AccountId.Default, NamespaceName.Default, "kind", name);
}

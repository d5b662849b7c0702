using Messaging.Broker.Catalog;
using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Catalog;

public sealed class PagedListTests
{
    private static readonly PagedList List = new("queues", AccountId.Default, NamespaceName.Default, "of", "p");

    [Theory]
    [InlineData("a")]
    [InlineData("ü/ \n😀")]
    public void A_page_begins_behind_the_entry_of_its_token(string last)
    {
        Assert.Null(List.Read(1_000, List.TokenOf(last), out string? after));
        Assert.Equal(last, after);
        Assert.Null(List.Read(1, null, out after));
        Assert.Null(after);
    }

    [Fact]
    public void A_token_of_one_list_is_none_of_another()
    {
        Assert.True(AccountId.TryParse("111111111111", out AccountId account));
        Assert.True(NamespaceName.TryParse("other", out NamespaceName space));
        PagedList[] others = [List with { Kind = "topics" }, List with { Account = account }, List with { Space = space }, List with { Of = "" }, List with { Prefix = "q" }, List with { Prefix = null }];

        Assert.All(others, other => Assert.Equal(PagedList.NotOurs, other.Read(1, List.TokenOf("a"), out _)));
        Assert.Null((List with { Prefix = null }).Read(1, (List with { Prefix = "" }).TokenOf("a"), out _));
    }

    [Fact]
    public void What_is_no_token_is_refused_by_its_field()
    {
        string token = List.TokenOf("a");
        Assert.All(["", "x", "!", "not a token", token[..^2], token[1..], new string('a', 100_000)], text => Assert.Equal(PagedList.NotOurs, List.Read(1, text, out _)));
        Assert.Equal((ErrorCode.InvalidValue, "pageToken"), (PagedList.NotOurs.Code, PagedList.NotOurs.Field));
        Assert.Equal(["pageSize", "pageSize"], new[] { 0, 1_001 }.Select(size => List.Read(size, null, out _)?.Field));
    }
}

using Messaging.Broker.Filters;
using static Messaging.Broker.Tests.Filters.FilterCalls;

namespace Messaging.Broker.Tests.Filters;

public sealed class AttributeFilterTests
{
    [Theory]
    [InlineData("""{"key":["a"]}""", FilterValueKind.String, "a", true)]
    [InlineData("""{"key":["a"]}""", FilterValueKind.String, "b", false)]
    [InlineData("""{"key":["300"]}""", FilterValueKind.Number, "300", false)]
    [InlineData("""{"key":[300]}""", FilterValueKind.String, "300", false)]
    [InlineData("""{"key":[300]}""", FilterValueKind.Number, "300.0", true)]
    [InlineData("""{"key":[300]}""", FilterValueKind.Number, "+3E2", true)]
    [InlineData("""{"key":[0.5]}""", FilterValueKind.Number, ".5", true)]
    [InlineData("""{"key":[{"numeric":[">",5]}]}""", FilterValueKind.Number, "1e126", true)]
    [InlineData("""{"key":[{"numeric":["<",5]}]}""", FilterValueKind.Number, "-1e126", true)]
    [InlineData("""{"key":[{"numeric":[">",5]}]}""", FilterValueKind.String, "6", false)]
    [InlineData("""{"key":[true]}""", FilterValueKind.String, "true", false)]
    [InlineData("""{"key":["true"]}""", FilterValueKind.String, "true", true)]
    [InlineData("""{"key":["[\"a\"]"]}""", FilterValueKind.String, "[\"a\"]", true)]
    [InlineData("""{"key":["a"]}""", FilterValueKind.String, "[\"a\"]", false)]
    public void Texts_are_texts_and_numbers_are_numbers(string policy, FilterValueKind kind, string value, bool expected) =>
        Assert.Equal(expected, Takes(policy, kind, value));

    [Theory]
    [InlineData("""["soccer","rugby"]""", """["rugby"]""", true)]
    [InlineData("""["soccer","rugby"]""", """["golf"]""", false)]
    [InlineData("""["soccer",[["rugby"]]]""", """["rugby"]""", true)]
    [InlineData("""["soccer",{"key":"rugby","rugby":["rugby"]}]""", """["rugby"]""", false)]
    [InlineData("""["soccer",{"a":1},"rugby"]""", """["rugby"]""", true)]
    [InlineData("""["soc\u0063er"]""", """["soccer"]""", true)]
    [InlineData("""["rugby","tennis"]""", """[{"anything-but":["rugby"]}]""", true)]
    [InlineData("""["rugby"]""", """[{"anything-but":["rugby"]}]""", false)]
    [InlineData("""["rugby","tennis"]""", """[{"anything-but":["rugby","tennis"]}]""", false)]
    [InlineData("""[1,200]""", """[{"numeric":[">",100]}]""", true)]
    [InlineData("""[true]""", """[true]""", true)]
    [InlineData("""[null]""", """[null]""", true)]
    public void An_array_matches_by_any_of_its_elements(string array, string alternatives, bool expected) =>
        Assert.Equal(expected, Takes($$"""{"key":{{alternatives}}}""", FilterValueKind.StringArray, array));

    [Theory]
    [InlineData("['a']")]
    [InlineData("a")]
    [InlineData("\"a\"")]
    [InlineData("{\"a\":1}")]
    [InlineData("[\"a\"")]
    [InlineData("[\"a\"] x")]
    [InlineData("[\"a\",\"\\ud800\"]")]
    [InlineData("")]
    public void An_array_that_is_none_has_no_value_and_is_there(string text)
    {
        Assert.False(Takes("""{"key":["a",{"exists":true},{"anything-but":"x"}]}""", FilterValueKind.StringArray, text));
        Assert.False(Takes("""{"key":[{"exists":false}]}""", FilterValueKind.StringArray, text));
    }

    [Fact]
    public void An_empty_array_is_absent()
    {
        Assert.True(Takes("""{"key":[{"exists":false}]}""", FilterValueKind.StringArray, "[]"));
        Assert.False(Takes("""{"key":[{"exists":true},null,{"anything-but":"x"}]}""", FilterValueKind.StringArray, "[]"));
    }

    [Fact]
    public void A_number_that_is_none_has_no_value_and_is_there()
    {
        Assert.False(Takes("""{"key":["x",{"exists":true},{"anything-but":5}]}""", FilterValueKind.Number, "x"));
        Assert.False(Takes("""{"key":[{"exists":false}]}""", FilterValueKind.Number, "x"));
    }

    [Fact]
    public void Bytes_are_absent()
    {
        Assert.False(Takes("""{"key":["a",{"exists":true},{"anything-but":"x"}]}""", FilterValueKind.Binary, "a"));
        Assert.True(Takes("""{"key":[{"exists":false}]}""", FilterValueKind.Binary, "a"));
    }

    [Theory]
    [InlineData("""["a"]""", false)]
    [InlineData("[null]", false)]
    [InlineData("""[{"anything-but":"a"}]""", false)]
    [InlineData("""[{"exists":true}]""", false)]
    [InlineData("""[{"exists":false}]""", true)]
    [InlineData("""["a",{"exists":false}]""", true)]
    public void A_key_that_is_missing_matches_only_its_absence(string alternatives, bool expected)
    {
        string policy = $$"""{"key":{{alternatives}}}""";
        Assert.Equal(expected, Takes(policy));
        Assert.Equal(expected, Takes(policy, new TestAttribute("other", FilterValueKind.String, "a")));
        Assert.Equal(expected, Takes(policy, new TestAttribute("Key", FilterValueKind.String, "a")));
    }

    [Fact]
    public void All_keys_must_match()
    {
        const string Policy = """{"store":["corp"],"event":[{"anything-but":"cancelled"}],"price":[{"numeric":[">=",100]}]}""";
        var store = new TestAttribute("store", FilterValueKind.String, "corp");
        var placed = new TestAttribute("event", FilterValueKind.String, "placed");
        var price = new TestAttribute("price", FilterValueKind.Number, "100");
        Assert.True(Takes(Policy, price, placed, store, new TestAttribute("more", FilterValueKind.String, "x")));
        Assert.False(Takes(Policy, store, placed));
        Assert.False(Takes(Policy, store, placed, new TestAttribute("price", FilterValueKind.Number, "99.9")));
    }

    [Theory]
    [InlineData("a", "b", "", "", true)]
    [InlineData("a", "", "c", "", false)]
    [InlineData("a", "", "c", "d", true)]
    [InlineData("a", "", "", "d", false)]
    [InlineData("", "b", "c", "d", false)]
    [InlineData("a", "b", "c", "d", true)]
    public void Of_a_choice_one_clause_must_match_and_all_keys_beside_it(string f1, string f2, string f3, string f4, bool expected)
    {
        const string Policy = """{"f1":["a"],"$or":[{"f2":["b"]},{"f3":["c"],"$or":[{"f4":["d"]},{"f5":["e"]}]}]}""";
        Assert.Equal(expected, Takes(Policy, new[] { ("f1", f1), ("f2", f2), ("f3", f3), ("f4", f4) }
            .Where(pair => pair.Item2.Length > 0).Select(pair => new TestAttribute(pair.Item1, FilterValueKind.String, pair.Item2)).ToArray()));
    }

    [Fact]
    public void A_choice_without_clauses_is_the_name_of_a_key()
    {
        const string Policy = """{"$or":["a",{"prefix":"x"}]}""";
        Assert.True(Takes(Policy, new TestAttribute("$or", FilterValueKind.String, "xy")));
        Assert.False(Takes(Policy, new TestAttribute("$or", FilterValueKind.String, "b")));
        Assert.True(Takes("""{"$or":[{"prefix":"x"},{"suffix":"y"}]}""", new TestAttribute("$or", FilterValueKind.String, "ay")));
    }

    [Fact]
    public void A_dot_in_a_name_is_a_character_like_any_other()
    {
        Assert.True(Takes("""{"a.b":["x"]}""", new TestAttribute("a.b", FilterValueKind.String, "x")));
        Assert.False(Takes("""{"a.b":["x"]}""", new TestAttribute("a", FilterValueKind.String, "x")));
    }
}

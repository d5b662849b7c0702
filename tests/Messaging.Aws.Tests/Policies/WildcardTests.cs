using System.Text.RegularExpressions;
using Messaging.Aws.Policies;

namespace Messaging.Aws.Tests.Policies;

public sealed class WildcardTests
{
    [Fact]
    public void Random_patterns_match_what_a_regular_expression_does()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            string pattern = Text(random, "ab*?", 8);
            string text = Text(random, "abA", 10);
            string expression = "^" + Regex.Escape(pattern).Replace("\\*", "[\\s\\S]*", StringComparison.Ordinal).Replace("\\?", "[\\s\\S]", StringComparison.Ordinal) + "\\z";

            Assert.Equal(Regex.IsMatch(text, expression), Wildcard.Matches(Wildcard.Mark(pattern), text, ignoreCase: false));
            Assert.Equal(Regex.IsMatch(text, expression, RegexOptions.IgnoreCase), Wildcard.Matches(Wildcard.Mark(pattern), text, ignoreCase: true));
        }
    }

    [Fact]
    public void Many_stars_cost_no_more_than_the_product_of_the_lengths()
    {
        string pattern = Wildcard.Mark(string.Concat(Enumerable.Repeat("a*", 2000)) + "b");

        Assert.False(Wildcard.Matches(pattern, new string('a', 100_000), ignoreCase: false));
    }

    [Theory]
    [InlineData("arn:aws:sns:*:*:news", "arn:aws:sns:us-east-1:444455556666:news", true)]
    [InlineData("arn:*:news", "arn:aws:sns:us-east-1:444455556666:news", false)]
    [InlineData("arn:aws:sns:*", "arn:aws:sns:us-east-1:444455556666:news", true)]
    [InlineData("*", "arn:aws:sns:us-east-1:444455556666:news", true)]
    [InlineData("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a:b/c", true)]
    [InlineData("arn:aws:sns:us-*:444455556666:news", "arn:aws:sns:us-east-1:x:444455556666:news", false)]
    [InlineData("arn:aws:sns:us-east-1:444455556666:news", "news", false)]
    public void A_star_of_an_ARN_reaches_no_further_than_its_part(string pattern, string arn, bool matches) =>
        Assert.Equal(matches, Wildcard.MatchesArn(Wildcard.Mark(pattern), arn));

    private static string Text(Random random, string characters, int lengthMax) =>
        new([.. Enumerable.Range(0, random.Next(lengthMax)).Select(_ => characters[random.Next(characters.Length)])]);
}

namespace Messaging.Contract.Tests;

/// <summary>That there is nothing to complain of; fails with all that there is, where xunit's own message would show how the first of it begins.</summary>
internal static class AssertNothing
{
    public static void In(IEnumerable<string?> complaints)
    {
        string all = string.Join('\n', complaints.OfType<string>());
        Assert.True(all.Length == 0, all);
    }
}

namespace Messaging.Rest.Tests.Documents;

/// <summary>What a document lacks, place by place.</summary>
internal static class Gaps
{
    /// <summary>Fails with all of them: xunit's own message would show the beginnings of the first ones.</summary>
    public static void AssertNone(IEnumerable<string> gaps)
    {
        string all = string.Join('\n', gaps);
        Assert.True(all.Length == 0, all);
    }
}

using Messaging.Aws.Topics;

namespace Messaging.Aws.Tests.Topics;

public sealed class DataProtectionTests
{
    [Fact]
    public void Only_the_topics_own_policy_goes_with_it()
    {
        var topic = new Guid(1, 0, 0, new byte[8]);
        var later = new Guid(2, 0, 0, new byte[8]);
        Dictionary<string, string> kept = new(StringComparer.Ordinal) { ["TopicId"] = topic.ToString("D"), ["Policy"] = "{}" };

        Assert.Null(DataProtection.Without(kept, topic));
        Assert.Same(kept, DataProtection.Without(kept, later));
        Assert.Null(DataProtection.Without(null, topic));
    }
}

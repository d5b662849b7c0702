using Messaging.Http;

namespace Messaging.Aws.Tests.Http;

public sealed class BodyLimitTests
{
    [Fact]
    public void No_body_is_larger_than_the_bound_of_all_whose_caller_is_unknown_so_that_each_one_has_its_place_at_some_time() =>
        Assert.InRange(AwsLimits.RequestBytesMax, 1, HttpLimits.UnknownBytesMax);
}

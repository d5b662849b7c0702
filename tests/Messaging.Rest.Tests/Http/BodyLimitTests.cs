using Messaging.Broker.Messages;
using Messaging.Http;
using Messaging.Rest.Http;

namespace Messaging.Rest.Tests.Http;

public sealed class BodyLimitTests
{
    [Fact]
    public void No_body_is_larger_than_the_smallest_bound_of_all_so_that_each_one_has_its_place_at_some_time() => Assert.All(
        [BodyLimit.Send, BodyLimit.Document, BodyLimit.Definitions, BodyLimit.OfMessage(MessageLimits.MessageBytesMax), BodyLimit.OfRecord(MessageLimits.MessageBytesMax)],
        limit => Assert.InRange(limit.BytesMax, 1, HttpLimits.BudgetBytesMin));
}

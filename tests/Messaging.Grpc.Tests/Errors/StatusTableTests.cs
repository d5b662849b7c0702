extern alias front;
using Grpc.Core;
using Messaging.Broker;
using StatusTable = front::Messaging.Grpc.Errors.StatusTable;

namespace Messaging.Grpc.Tests.Errors;

/// <summary>Statuses by the one rule that clients act on without looking at the details.</summary>
public sealed class StatusTableTests
{
    [Fact]
    public void What_is_worth_trying_again_has_a_status_that_says_so_and_nothing_else_has()
    {
        ErrorCode[] codes = Enum.GetValues<ErrorCode>();

        Assert.Equal(
            codes.Where(static code => code.RetryAfterSeconds() > 0),
            codes.Where(static code => StatusTable.Of(code) is StatusCode.ResourceExhausted or StatusCode.Unavailable));
    }
}

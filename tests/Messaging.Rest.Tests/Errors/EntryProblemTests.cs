using Messaging.Broker;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Tests.Errors;

public sealed class EntryProblemTests
{
    [Theory]
    [InlineData("messages[3].delaySeconds", "records[7].delaySeconds")]
    [InlineData("records[0]", "records[7]")]
    [InlineData(null, "records[7]")]
    [InlineData("producer.epoch", "producer.epoch")]
    public void The_place_of_an_entry_is_that_of_the_call_and_a_field_of_the_call_stays(string? field, string expected) =>
        Assert.Equal(expected, Problem.OfEntry(new BrokerError(ErrorCode.InvalidValue, "No.", field), "records[7]").Field);
}

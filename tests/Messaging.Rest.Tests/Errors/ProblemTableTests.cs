using Messaging.Broker;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Tests.Errors;

public sealed class ProblemTableTests
{
    private static readonly ProblemKind[] Kinds =
        [.. Enum.GetValues<ErrorCode>().Select(ProblemTable.Of), .. Enum.GetValues<FrontCode>().Select(ProblemTable.Of)];

    [Fact]
    public void Codes_are_unique_and_camel_case()
    {
        Assert.Equal(Kinds.Length, Kinds.Select(kind => kind.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Kinds, kind => Assert.Matches("^[a-z][A-Za-z]+$", kind.Code));
    }

    [Fact]
    public void A_code_of_the_broker_is_its_name() =>
        Assert.All(Enum.GetValues<ErrorCode>(), code => Assert.Equal(code.ToString(), ProblemTable.Of(code).Code, ignoreCase: true));

    [Fact]
    public void Exactly_429_and_503_say_when_to_try_again() =>
        Assert.All(Kinds, kind => Assert.Equal(kind.Status is 429 or 503, kind.RetryAfterSeconds > 0));

    [Fact]
    public void Only_faults_of_the_server_are_500() =>
        Assert.Equal(["messageDamaged", "internal"], Kinds.Where(kind => kind.Status == 500).Select(kind => kind.Code));
}

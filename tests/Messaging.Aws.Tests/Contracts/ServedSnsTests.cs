using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Operations;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Topics;
using Messaging.TestKit.Contracts;

namespace Messaging.Aws.Tests.Contracts;

/// <summary>api/aws/sns.yaml against what is served: names, members, what is required, attributes and errors.</summary>
public sealed class ServedSnsTests
{
    private static readonly AwsContract Sns = AwsContract.Sns;
    private static readonly Operation[] Served = [.. OperationList.All.Where(static one => one.Service == AwsService.Sns)];

    [Fact]
    public void Exactly_the_described_operations_are_served() =>
        Assert.Equal(Sns.Operations.Order(StringComparer.Ordinal), Served.Select(static one => one.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_reads_exactly_the_members_that_are_described() => Assert.All(Served, static operation =>
    {
        IReadOnlyList<AwsMember> members = Sns.Input(operation.Name);

        Assert.Equal(members.Select(static one => one.Name).Order(StringComparer.Ordinal), operation.Members.Names.Order(StringComparer.Ordinal));
        Assert.Equal(
            members.Where(static one => one.IsRequired).Select(static one => one.Name).Order(StringComparer.Ordinal),
            operation.Members.Names.Take(operation.Members.Required).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void Each_has_a_result_where_one_is_described() => Assert.All(Served, static operation => Assert.Equal(Sns.HasResult(operation.Name), operation.HasResult));

    [Fact]
    public void Topics_and_subscriptions_have_exactly_the_attributes_that_are_described()
    {
        Assert.Equal(Sns.AttributesOf("topicAttributes").Order(StringComparer.Ordinal), TopicAttributes.All.Select(static one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Sns.AttributesOf("subscriptionAttributes").Order(StringComparer.Ordinal), SubscriptionAttributes.All.Select(static one => one.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_of_errors_is_the_one_that_the_front_answers_from()
    {
        var answered = Enum.GetValues<AwsErrorCode>().Where(SnsErrorTable.Has).Select(SnsErrorTable.Of).Select(static kind => (kind.QueryCode, kind.QueryStatus)).Distinct();

        Assert.Equal(answered.Order(), Sns.Statuses.Select(static one => (one.Key, one.Value)).Order());
    }

    [Fact]
    public void Every_error_of_an_operation_is_in_the_table() =>
        Assert.All(Sns.Operations, static operation => Assert.All(Sns.ErrorsOf(operation).Concat(Sns.ErrorsEverywhere), static error => Assert.Contains(error, Sns.Statuses.Keys)));
}

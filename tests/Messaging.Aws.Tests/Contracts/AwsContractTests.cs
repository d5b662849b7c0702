using Messaging.Aws.Errors;
using Messaging.TestKit.Contracts;

namespace Messaging.Aws.Tests.Contracts;

/// <summary>api/aws in itself, and against the table that the front refuses by.</summary>
public sealed class AwsContractTests
{
    private static readonly AwsContract Sqs = AwsContract.Sqs;

    [Fact]
    public void The_table_of_errors_is_the_one_that_the_front_answers_from()
    {
        var answered = Enum.GetValues<AwsErrorCode>().Where(AwsErrorTable.IsOfSqs).Select(AwsErrorTable.Of)
            .Select(kind => (kind.JsonType.Split('#')[1], new AwsErrorNames(kind.JsonType, kind.QueryCode, kind.JsonStatus, kind.QueryStatus)));
        var described = Sqs.Errors.Select(error => (error.Key, error.Value));

        Assert.Equal(answered.OrderBy(error => error.Item1, StringComparer.Ordinal), described.OrderBy(error => error.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_error_of_the_table_is_answered_somewhere_and_no_other_is()
    {
        var answered = Sqs.Operations.SelectMany(operation => Sqs.ErrorsOf(operation).Concat(Sqs.EntryErrorsOf(operation))).Concat(Sqs.ErrorsEverywhere);

        Assert.Equal(Sqs.Errors.Keys.Order(StringComparer.Ordinal), answered.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_error_is_said_twice_or_both_to_occur_and_not_to() =>
        Assert.All(Sqs.Operations, operation =>
        {
            string[] all = [.. Sqs.ErrorsOf(operation), .. Sqs.ErrorsEverywhere, .. Sqs.NeverOf(operation)];

            Assert.Equal(all.Distinct(), all);
            Assert.Equal(Sqs.ErrorsOf(operation).Order(StringComparer.Ordinal), Sqs.ErrorsOf(operation));
        });

    [Fact]
    public void What_requires_a_member_refuses_its_absence() =>
        Assert.All(Sqs.Operations, operation => Assert.Equal(
            Sqs.Input(operation).Any(member => member.IsRequired),
            Sqs.ErrorsOf(operation).Contains("MissingRequiredParameterException", StringComparer.Ordinal)));

    [Fact]
    public void What_names_a_queue_by_its_URL_refuses_a_wrong_one_and_one_of_no_queue() =>
        Assert.All(Sqs.Operations.Where(operation => Sqs.Input(operation).Any(member => member.Name == "QueueUrl")), operation =>
        {
            Assert.Contains("InvalidAddress", Sqs.ErrorsOf(operation));
            Assert.Contains("QueueDoesNotExist", Sqs.ErrorsOf(operation));
        });

    [Fact]
    public void Every_bound_has_a_least_and_a_most() =>
        Assert.All(Sqs.Operations.SelectMany(Sqs.Input).Concat(Sqs.Shapes.SelectMany(Sqs.Shape)), member =>
            Assert.All((string[])["range", "length", "bytes", "items"], of => Assert.True(member.Bounds(of) is not { } bounds || bounds.Least <= bounds.Most)));

    [Fact]
    public void Infrastructure_tools_are_told_who_they_are() =>
        Assert.Equal(["UserId", "Account", "Arn"], AwsContract.Sts.Output(AwsContract.Sts.Operations.Single()).Select(member => member.Name));
}

using Messaging.TestKit;
using Messaging.TestKit.Contracts;

namespace Messaging.Aws.Tests.Contracts;

/// <summary>api/aws against the public service models of AWS, where they are at hand: nothing is missing and nothing is invented.</summary>
public sealed class AwsServiceModelTests
{
    private static readonly AwsContract Sqs = AwsContract.Sqs;

    [RequiresFact("SQS model")]
    public void Every_operation_is_described_and_no_other() =>
        Assert.Equal(AwsServiceModel.Sqs().Operations.Order(StringComparer.Ordinal), Sqs.Operations);

    [RequiresFact("SQS model")]
    public void Every_member_has_its_type_and_is_required_where_the_model_says_so()
    {
        AwsServiceModel model = AwsServiceModel.Sqs();

        Assert.All(Sqs.Operations, operation =>
        {
            AssertSame(model.Input(operation), Sqs.Input(operation));
            AssertSame(model.Output(operation), Sqs.Output(operation));
        });
    }

    [RequiresFact("SQS model")]
    public void Every_structure_is_described_with_its_members_and_no_other()
    {
        AwsServiceModel model = AwsServiceModel.Sqs();

        Assert.Equal(model.Structures.Order(StringComparer.Ordinal), Sqs.Shapes);
        Assert.All(Sqs.Shapes, shape => AssertSame(model.Shape(shape), Sqs.Shape(shape)));
    }

    [RequiresFact("SQS model")]
    public void Every_error_of_the_model_is_listed_or_said_not_to_occur()
    {
        AwsServiceModel model = AwsServiceModel.Sqs();

        Assert.All(Sqs.Operations, operation => Assert.Empty(model.ErrorsOf(operation).Except([.. Sqs.ErrorsOf(operation), .. Sqs.NeverOf(operation)])));
    }

    [RequiresFact("SQS model")]
    public void What_the_model_does_not_list_for_an_operation_has_a_reason_to_occur()
    {
        AwsServiceModel model = AwsServiceModel.Sqs();
        string[] modelled = [.. model.Operations.SelectMany(model.ErrorsOf).Distinct()];

        Assert.All(Sqs.Operations, operation => Assert.Equal(
            Sqs.AlsoOf(operation).Order(StringComparer.Ordinal), Sqs.ErrorsOf(operation).Intersect(modelled).Except(model.ErrorsOf(operation))));
    }

    [RequiresFact("SQS model")]
    public void Every_attribute_is_described_and_no_other()
    {
        AwsServiceModel model = AwsServiceModel.Sqs();

        Assert.Equal(model.Values("QueueAttributeName").Order(StringComparer.Ordinal), Sqs.QueueAttributes.Prepend("All").Order(StringComparer.Ordinal));
        Assert.Equal(model.Values("MessageSystemAttributeName").Order(StringComparer.Ordinal), Sqs.SystemAttributes.Prepend("All").Order(StringComparer.Ordinal));
    }

    // The older model lacks what came after it; what it has is the only public word about names in Query.
    [RequiresFact("Query model")]
    public void Every_name_in_Query_is_that_of_the_older_model()
    {
        AwsServiceModel model = AwsServiceModel.Query("sqs", "2012-11-05");

        AssertQueryNames(model, Sqs);
        Assert.All(model.Structures, shape => AssertQueryNames(model.Shape(shape), Sqs.Shape(shape)));
        AssertQueryNames(AwsServiceModel.Query("sts", "2011-06-15"), AwsContract.Sts);
    }

    private static void AssertSame(IEnumerable<AwsModelMember> model, IEnumerable<AwsMember> described) =>
        Assert.Equal(
            model.Select(member => (member.Name, member.Type, member.IsRequired)).Order(),
            described.Select(member => (member.Name, member.Type, member.IsRequired)).Order());

    private static void AssertQueryNames(AwsServiceModel model, AwsContract contract) =>
        Assert.All(contract.Operations.Intersect(model.Operations), operation =>
        {
            AssertQueryNames(model.Input(operation), contract.Input(operation));
            AssertQueryNames(model.Output(operation), contract.Output(operation));
        });

    private static void AssertQueryNames(IEnumerable<AwsModelMember> model, IEnumerable<AwsMember> described)
    {
        var names = described.ToDictionary(member => member.Name, member => member.QueryName, StringComparer.Ordinal);
        Assert.All(model, member => Assert.Equal(member.QueryName, names[member.Name]));
    }
}

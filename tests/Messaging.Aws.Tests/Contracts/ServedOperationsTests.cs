using System.Globalization;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Operations;
using Messaging.Aws.Queues;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.TestKit.Contracts;

namespace Messaging.Aws.Tests.Contracts;

/// <summary>api/aws against what is served: names, members, what is required, attributes and their ranges.</summary>
public sealed class ServedOperationsTests
{
    private static readonly AwsContract Sqs = AwsContract.Sqs;

    // And the one of STS.
    private static readonly Operation[] OfSqs = [.. OperationList.All.Where(static one => one.Service != AwsService.Sns)];

    public static TheoryData<string> Ranged { get; } =
        [.. Sqs.QueueAttributes.Where(static name => Sqs.QueueAttribute(name)["range"] is not null)];

    [Fact]
    public void Exactly_the_described_operations_are_served()
    {
        var described = Sqs.Operations.Select(static name => ("sqs", name)).Concat(AwsContract.Sts.Operations.Select(static name => ("sts", name)));

        Assert.Equal(described.Order(), OfSqs.Select(static one => (one.Service.Name, one.Name)).Order());
    }

    [Fact]
    public void Each_reads_exactly_the_members_that_are_described() =>
        Assert.All(OfSqs, static operation =>
        {
            IReadOnlyList<AwsMember> members = ContractOf(operation).Input(operation.Name);
            // The word of the Query protocol for the tags of a new queue, beside that of JSON.
            var read = operation.Members.Names.Where(name => operation.Name != "CreateQueue" || name != "Tags");

            Assert.Equal(members.Select(static one => one.Name).Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
            Assert.Equal(
                members.Where(static one => one.IsRequired).Select(static one => one.Name).Order(StringComparer.Ordinal),
                operation.Members.Names.Take(operation.Members.Required).Order(StringComparer.Ordinal));
        });

    [Fact]
    public void Each_has_a_result_where_one_is_described() =>
        Assert.All(OfSqs, static operation => Assert.Equal(ContractOf(operation).Output(operation.Name).Count > 0, operation.HasResult));

    [Fact]
    public void Entries_of_batches_have_exactly_the_members_that_are_described()
    {
        Assert.Equal(Names("SendMessageBatchRequestEntry"), SendMessageBatch.EntryTable.Names.Order(StringComparer.Ordinal));
        Assert.Equal(Names("DeleteMessageBatchRequestEntry"), HandleEntry.DeleteMembers.Names.Order(StringComparer.Ordinal));
        Assert.Equal(Names("ChangeMessageVisibilityBatchRequestEntry"), HandleEntry.VisibilityMembers.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Queues_and_messages_have_exactly_the_attributes_that_are_described()
    {
        Assert.Equal(Sqs.QueueAttributes.Order(StringComparer.Ordinal), QueueAttributes.All.Select(static one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            Sqs.SystemAttributes.Order(StringComparer.Ordinal),
            Enum.GetNames<SystemAttributes>().Except(["None", "All"], StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ranged))]
    public void A_range_holds_on_both_sides_of_both_bounds(string attribute)
    {
        int[] range = [.. Sqs.QueueAttribute(attribute)["range"]!.AsArray().Select(static bound => int.Parse(bound!.ToString(), CultureInfo.InvariantCulture))];

        Assert.Equal((null, null), (Set(attribute, range[0]), Set(attribute, range[1])));
        Assert.Equal(AwsErrorCode.InvalidAttributeValue, Set(attribute, range[0] - 1)!.Code);
        Assert.Equal($"Invalid value for the parameter {attribute}.", Set(attribute, range[1] + 1)!.Message);
    }

    private static AwsError? Set(string attribute, int value)
    {
        Assert.True(QueueName.TryParse("q", out QueueName name));
        var draft = new DefinitionDraft(new QueueKey(default, default, name), "us-east-1", new QueueDefinition(), isNew: true);
        return QueueAttributes.Set(draft, new Dictionary<string, string>(StringComparer.Ordinal) { [attribute] = value.ToString(CultureInfo.InvariantCulture) });
    }

    private static IEnumerable<string> Names(string shape) => Sqs.Shape(shape).Select(static one => one.Name).Order(StringComparer.Ordinal);

    private static AwsContract ContractOf(Operation operation) => operation.Service.Name == "sts" ? AwsContract.Sts : Sqs;
}

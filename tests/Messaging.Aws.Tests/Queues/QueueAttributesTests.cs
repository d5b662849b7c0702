using Messaging.Aws.Errors;
using Messaging.Aws.Queues;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Tests.Queues;

public sealed class QueueAttributesTests
{
    private const string Target = "arn:aws:sqs:us-east-1:000000000000:dead";

    [Theory]
    [InlineData("RedrivePolicy", """{"deadLetterTargetArn":"\ud800","maxReceiveCount":1}""")]
    [InlineData("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":"\ud800"}""")]
    [InlineData("RedriveAllowPolicy", """{"redrivePermission":"\ud800"}""")]
    [InlineData("RedriveAllowPolicy", """{"redrivePermission":"byQueue","sourceQueueArns":["\udc00"]}""")]
    [InlineData("RedriveAllowPolicy", """{"redrivePermission":"byQueue","sourceQueueArns":[1]}""")]
    [InlineData("RedrivePolicy", "[]")]
    [InlineData("RedrivePolicy", "{")]
    [InlineData("RedrivePolicy", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]")]
    public void A_policy_that_is_none_is_refused_and_throws_nothing(string attribute, string value) =>
        Assert.Equal(AwsErrorCode.InvalidParameterValue, Set((attribute, value)).Refused?.Code);

    [Fact]
    public void A_redrive_policy_that_another_front_has_broken_allows_nobody()
    {
        QueueDefinition broken = DefinitionDraft.Annotated(new QueueDefinition(), QueuePolicies.RedriveAllow, """{"redrivePermission":"\ud800"}""");

        Assert.False(RedriveAllowPolicy.Allows(broken, default));
        Assert.True(RedriveAllowPolicy.Allows(new QueueDefinition(), default));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    public void A_redrive_policy_reads_back_with_its_count_as_a_number(string count)
    {
        (AwsError? refused, QueueDefinition set) = Set(("RedrivePolicy", $$"""{"deadLetterTargetArn":"{{Target}}","maxReceiveCount":{{count}}}"""));

        Assert.Null(refused);
        Assert.Equal($$"""{"deadLetterTargetArn":"{{Target}}","maxReceiveCount":1}""", Read(set, "RedrivePolicy"));
        Assert.Null(Read(Set(set, ("RedrivePolicy", "")).Definition, "RedrivePolicy"));
    }

    [Fact]
    public void What_encrypts_is_one_thing_at_a_time()
    {
        QueueDefinition kms = Set(("KmsMasterKeyId", "alias/aws/sqs")).Definition;

        Assert.Equal(("alias/aws/sqs", "300", "false"), (Read(kms, "KmsMasterKeyId"), Read(kms, "KmsDataKeyReusePeriodSeconds"), Read(kms, "SqsManagedSseEnabled")));
        QueueDefinition managed = Set(kms, ("SqsManagedSseEnabled", "true")).Definition;
        Assert.Equal((null, null, "true"), (Read(managed, "KmsMasterKeyId"), Read(managed, "KmsDataKeyReusePeriodSeconds"), Read(managed, "SqsManagedSseEnabled")));
        Assert.Equal("false", Read(Set(("SqsManagedSseEnabled", "false")).Definition, "SqsManagedSseEnabled"));
        Assert.Equal(AwsErrorCode.InvalidAttributeName, Set(("KmsMasterKeyId", "k"), ("SqsManagedSseEnabled", "true")).Refused?.Code);
    }

    [Fact]
    public void A_limit_for_each_group_asks_for_its_scope()
    {
        Assert.Equal(AwsErrorCode.InvalidAttributeValue, Set(("FifoQueue", "true"), ("FifoThroughputLimit", "perMessageGroupId")).Refused?.Code);
        Assert.Null(Set(("FifoQueue", "true"), ("FifoThroughputLimit", "perMessageGroupId"), ("DeduplicationScope", "messageGroup")).Refused);
    }

    private static (AwsError? Refused, QueueDefinition Definition) Set(params (string Name, string Value)[] values) => Set(new QueueDefinition(), values);

    private static (AwsError? Refused, QueueDefinition Definition) Set(QueueDefinition before, params (string Name, string Value)[] values)
    {
        var draft = new DefinitionDraft(Key(), "us-east-1", before, isNew: true);
        return (QueueAttributes.Set(draft, values.ToDictionary(StringComparer.Ordinal)), draft.Definition);
    }

    private static string? Read(QueueDefinition definition, string name)
    {
        Assert.True(QueueAttributes.TryGet(name, out QueueAttribute? attribute));
        return QueueAttributes.Read(attribute, new QueueView(new QueueDescription(Key(), definition, 1, default, default, default), "us-east-1"));
    }

    private static QueueKey Key()
    {
        Assert.True(QueueName.TryParse("q", out QueueName name));
        return new QueueKey(AccountId.Default, NamespaceName.Default, name);
    }
}

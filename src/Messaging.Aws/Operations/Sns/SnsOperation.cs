using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>An operation of Amazon SNS.</summary>
internal abstract class SnsOperation<TRequest>(string name, MemberTable members) : Operation<TRequest>(name, members)
    where TRequest : class, new()
{
    public sealed override AwsService Service => AwsService.Sns;

    public sealed override AwsError Missing(string member) => SnsRefusals.Missing(member);
}

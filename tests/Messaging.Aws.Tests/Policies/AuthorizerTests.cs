using Messaging.Aws.Auth;
using Messaging.Aws.Errors;
using Messaging.Aws.Policies;
using static Messaging.Aws.Tests.Policies.AnyRequest;

namespace Messaging.Aws.Tests.Policies;

public sealed class AuthorizerTests
{
    private const string Start = "User: arn:aws:iam::111122223333:user/AKIDEXAMPLE0000001 is not authorized to perform: sqs:sendmessage on resource: " + Queue + " ";

    private readonly Authorizer _closed = new(AuthenticationMode.Closed);

    [Fact]
    public void The_account_of_a_queue_may_do_all_that_its_policy_does_not_deny()
    {
        Assert.Null(Authorize(By(account: Owner), null));
        Assert.Null(Authorize(By(account: Owner, action: "DeleteQueue"), Policy(""" "Principal":{"AWS":"111122223333"}""")));

        AwsError? denied = Authorize(By(account: Owner), Policy(effect: "Deny"));
        Assert.Equal(AwsErrorCode.AccessDenied, denied?.Code);
        Assert.EndsWith("with an explicit deny in a resource-based policy", denied!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_account_needs_a_policy_that_allows_it()
    {
        Assert.Equal(Start + "because no resource-based policy allows the sqs:sendmessage action", Authorize(By(), null)?.Message);
        Assert.Equal(Start + "because no resource-based policy allows the sqs:sendmessage action", Authorize(By(), Policy(""" "Principal":{"AWS":"999999999999"}"""))?.Message);
        Assert.Equal(Start + "with an explicit deny in a resource-based policy", Authorize(By(), Policy(effect: "Deny"))?.Message);
        Assert.Null(Authorize(By(), Policy(""" "Principal":{"AWS":"111122223333"}""")));
        Assert.Equal(Start + "because no resource-based policy allows the sqs:sendmessage action", Authorize(By(action: "SendMessageBatch"), null)?.Message);
    }

    [Theory]
    [InlineData("AddPermission", true)]
    [InlineData("CancelMessageMoveTask", true)]
    [InlineData("CreateQueue", true)]
    [InlineData("DeleteQueue", true)]
    [InlineData("ListMessageMoveTasks", true)]
    [InlineData("ListQueues", true)]
    [InlineData("ListQueueTags", true)]
    [InlineData("RemovePermission", true)]
    [InlineData("SetQueueAttributes", true)]
    [InlineData("StartMessageMoveTask", true)]
    [InlineData("TagQueue", true)]
    [InlineData("UntagQueue", true)]
    [InlineData("ChangeMessageVisibility", false)]
    [InlineData("ChangeMessageVisibilityBatch", false)]
    [InlineData("DeleteMessage", false)]
    [InlineData("DeleteMessageBatch", false)]
    [InlineData("GetQueueAttributes", false)]
    [InlineData("GetQueueUrl", false)]
    [InlineData("ListDeadLetterSourceQueues", false)]
    [InlineData("PurgeQueue", false)]
    [InlineData("ReceiveMessage", false)]
    [InlineData("SendMessage", false)]
    [InlineData("SendMessageBatch", false)]
    public void Some_actions_are_the_owners_alone(string action, bool ownersOnly)
    {
        Assert.Equal(ownersOnly, Authorize(By(action: action), Policy()) is not null);
        Assert.Null(Authorize(By(account: Owner, action: action), Policy()));
    }

    [Fact]
    public void Who_did_not_sign_may_do_what_everybody_may()
    {
        Assert.Null(Authorize(Anonymous(), Policy()));
        Assert.Equal(AwsErrorCode.MissingAuthentication, Authorize(Anonymous(), null)?.Code);
        Assert.Equal(AwsErrorCode.MissingAuthentication, Authorize(Anonymous("DeleteQueue"), Policy())?.Code);
        Assert.Equal(AwsErrorCode.AccessDenied, Authorize(Anonymous(), Policy(effect: "Deny"))?.Code);
        // Not even for queues of the account that it would have in open mode.
        Assert.Equal(AwsErrorCode.MissingAuthentication, _closed.Authorize(Anonymous(), Account("000000000000"), null)?.Code);
    }

    [Fact]
    public void A_service_may_do_what_a_policy_allows_it()
    {
        PolicyRequest request = Anonymous().With(context => context with { Service = "sns.amazonaws.com" });

        Assert.Null(Authorize(request, Policy(""" "Principal":{"Service":"sns.amazonaws.com"}""")));
        Assert.StartsWith("User: sns.amazonaws.com is not authorized", Authorize(request, null)?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_open_mode_everybody_may()
    {
        Assert.Null(AccessPolicy.Parse(PolicyActions.Sqs, Policy(effect: "Deny"), out AccessPolicy? policy));

        Assert.Null(new Authorizer(AuthenticationMode.Open).Authorize(Anonymous("DeleteQueue"), Account(Owner), policy));
    }

    private AwsError? Authorize(PolicyRequest request, string? text)
    {
        AccessPolicy? policy = null;
        if (text is not null) Assert.Null(AccessPolicy.Parse(PolicyActions.Sqs, text, out policy));
        return _closed.Authorize(request, Account(Owner), policy);
    }
}

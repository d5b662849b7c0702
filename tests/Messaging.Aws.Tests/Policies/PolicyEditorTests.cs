using Messaging.Aws.Errors;
using Messaging.Aws.Policies;
using static Messaging.Aws.Tests.Policies.AnyRequest;

namespace Messaging.Aws.Tests.Policies;

public sealed class PolicyEditorTests
{
    [Fact]
    public void A_permission_is_a_statement_as_SQS_writes_it()
    {
        Assert.Null(Add(null, "share", ["111122223333"], ["SendMessage"], out string text));

        Assert.Equal(
            """{"Version":"2008-10-17","Id":"arn:aws:sqs:us-east-1:444455556666:orders/SQSDefaultPolicy","Statement":[{"Sid":"share","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"SQS:SendMessage","Resource":"arn:aws:sqs:us-east-1:444455556666:orders"}]}""",
            text);
        Assert.Equal(PolicyDecision.Allow, Evaluate(text, By()));
        Assert.Equal(PolicyDecision.NoMatch, Evaluate(text, By(action: "ReceiveMessage")));
        Assert.Equal(PolicyDecision.NoMatch, Evaluate(text, By(account: "999999999999")));
    }

    [Fact]
    public void Permissions_come_and_go_beside_what_else_is_written()
    {
        const string Own = """{"Statement":{"Sid":"own","Effect":"Deny","Principal":"*","Action":"sqs:PurgeQueue","Resource":"*"}}""";

        Assert.Null(Add(Own, "a", ["111122223333", "999999999999"], ["*"], out string two));
        Assert.Equal(PolicyDecision.Allow, Evaluate(two, By(account: "999999999999")));
        Assert.Equal(PolicyDecision.ExplicitDeny, Evaluate(two, By(action: "PurgeQueue")));

        Assert.Null(PolicyEditor.RemovePermission(two, Queue, "own", out string one));
        Assert.Equal(PolicyDecision.Allow, Evaluate(one, By(action: "PurgeQueue")));
        Assert.Null(PolicyEditor.RemovePermission(one, Queue, "a", out string none));
        Assert.Equal("", none);
    }

    [Fact]
    public void A_label_is_there_once_and_an_unknown_one_can_not_be_removed()
    {
        Assert.Null(Add("", "share", ["111122223333"], ["SendMessage"], out string text));

        AwsError? twice = Add(text, "share", ["111122223333"], ["SendMessage"], out string same);
        AwsError? unknown = PolicyEditor.RemovePermission(text, Queue, "other", out string alsoSame);

        Assert.Equal(new AwsError(AwsErrorCode.InvalidParameterValue, "Value share for parameter Label is invalid. Reason: Already exists."), twice);
        Assert.Equal(new AwsError(AwsErrorCode.InvalidParameterValue, "Value other for parameter Label is invalid. Reason: can't find label."), unknown);
        Assert.Equal([text, text], [same, alsoSame]);
        Assert.Equal(AwsErrorCode.InvalidParameterValue, PolicyEditor.RemovePermission(null, Queue, "share", out _)?.Code);
    }

    [Theory]
    [InlineData("", "111122223333", "SendMessage", nameof(AwsErrorCode.InvalidParameterValue))]
    [InlineData("a b", "111122223333", "SendMessage", nameof(AwsErrorCode.InvalidParameterValue))]
    [InlineData("a", "11112222333", "SendMessage", nameof(AwsErrorCode.InvalidParameterValue))]
    [InlineData("a", "", "SendMessage", nameof(AwsErrorCode.MissingParameter))]
    [InlineData("a", "111122223333", "", nameof(AwsErrorCode.MissingParameter))]
    [InlineData("a", "111122223333", "Send", nameof(AwsErrorCode.InvalidParameterValue))]
    [InlineData("a", "111122223333", "SendMessageBatch", nameof(AwsErrorCode.InvalidParameterValue))]
    [InlineData("a", "111122223333", "DeleteQueue", nameof(AwsErrorCode.InvalidParameterValue))]
    [InlineData("a", "111122223333", "*,*,*,*,*,*,*,*", nameof(AwsErrorCode.OverLimit))]
    public void What_can_not_be_a_permission_is_refused(string label, string accounts, string actions, string code) =>
        Assert.Equal(code, Add(null, label, Split(accounts), Split(actions), out _)?.Code.ToString());

    [Fact]
    public void A_label_has_80_characters_at_most()
    {
        Assert.Null(Add(null, new string('a', 80), ["111122223333"], ["*"], out _));
        Assert.NotNull(Add(null, new string('a', 81), ["111122223333"], ["*"], out _));
    }

    [Fact]
    public void A_policy_takes_20_permissions_within_its_bytes()
    {
        string text = "";
        for (int i = 0; i < 20; i++) Assert.Null(Add(text, $"p{i}", ["111122223333"], ["*"], out text));

        Assert.Equal(AwsErrorCode.OverLimit, Add(text, "p20", ["111122223333"], ["*"], out _)?.Code);

        string[] accounts = [.. Enumerable.Range(0, 50).Select(i => $"{i:000000000000}")];
        string long_ = "";
        for (int i = 0; i < 4; i++) Assert.Null(Add(long_, $"p{i}", accounts, ["*"], out long_));
        Assert.Equal(AwsErrorCode.OverLimit, Add(long_, "p4", accounts, ["*"], out _)?.Code);
    }

    [Fact]
    public void A_text_that_is_no_policy_is_not_edited()
    {
        Assert.Equal(AwsErrorCode.InvalidAttributeValue, Add("{}", "a", ["111122223333"], ["*"], out string text)?.Code);
        Assert.Equal("{}", text);
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static AwsError? Add(string? policy, string label, string[] accounts, string[] actions, out string text) =>
        PolicyEditor.AddPermission(policy, Queue, label, accounts, actions, out text);
}

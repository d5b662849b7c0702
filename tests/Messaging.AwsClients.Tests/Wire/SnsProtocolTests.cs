using System.Xml.Linq;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>The Query protocol of Amazon SNS, to the letter. Source: its API Reference, the samples of each action.</summary>
[Collection(WireGroup.Name)]
public sealed class SnsProtocolTests(WireServer server)
{
    private const string Version = "Version=2010-03-31";

    private static readonly XNamespace Sns = "http://sns.amazonaws.com/doc/2010-03-31/";

    [Fact]
    public async Task A_success_is_a_response_with_a_result_and_an_id()
    {
        WireAnswer answer = await server.FormAsync($"Action=CreateTopic&Name=wire-success&{Version}");

        Assert.Equal((200, Sns + "CreateTopicResponse"), (answer.Status, answer.Xml.Name));
        Assert.Equal([Sns + "CreateTopicResult", Sns + "ResponseMetadata"], answer.Xml.Elements().Select(element => element.Name));
        Assert.Equal("arn:aws:sns:us-east-1:000000000000:wire-success", answer.Text("TopicArn"));
        Assert.Equal(answer.RequestId, answer.Text("RequestId"));
    }

    [Fact]
    public async Task Lists_and_maps_have_elements_of_their_own()
    {
        string arn = (await server.FormAsync($"Action=CreateTopic&Name=wire-lists&Tags.member.1.Key=a&Tags.member.1.Value=b&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=D&{Version}")).Text("TopicArn")!;
        WireAnswer tags = await server.FormAsync($"Action=ListTagsForResource&ResourceArn={arn}&{Version}");
        WireAnswer attributes = await server.GetAsync($"/?Action=GetTopicAttributes&TopicArn={arn}&{Version}");

        XElement tag = tags.Xml.Element(Sns + "ListTagsForResourceResult")!.Element(Sns + "Tags")!.Elements(Sns + "member").Single();
        Assert.Equal(("a", "b"), (tag.Element(Sns + "Key")?.Value, tag.Element(Sns + "Value")?.Value));
        var entries = attributes.Xml.Element(Sns + "GetTopicAttributesResult")!.Element(Sns + "Attributes")!.Elements(Sns + "entry")
            .ToDictionary(entry => entry.Element(Sns + "key")!.Value, entry => entry.Element(Sns + "value")!.Value);
        Assert.Equal("D", entries["DisplayName"]);
    }

    [Fact]
    public async Task An_error_has_type_code_and_text()
    {
        WireAnswer answer = await server.FormAsync($"Action=GetTopicAttributes&TopicArn=arn:aws:sns:us-east-1:000000000000:nobody&{Version}");

        Assert.Equal((404, "NotFound", "Topic does not exist"), answer.XmlError);
        Assert.Equal((Sns + "ErrorResponse", "Sender"), (answer.Xml.Name, answer.Text("Type")));
        Assert.Equal(answer.RequestId, answer.Xml.Element(Sns + "RequestId")?.Value);
    }

    [Fact]
    public async Task Accept_json_answers_in_json()
    {
        string arn = (await server.FormAsync($"Action=CreateTopic&Name=wire-json&{Version}")).Text("TopicArn")!;
        WireAnswer attributes = await server.GetAsync($"/?Action=GetTopicAttributes&TopicArn={arn}&{Version}", ("Accept", "application/json"));
        WireAnswer wrong = await server.GetAsync($"/?Action=GetTopicAttributes&TopicArn=x&{Version}", ("Accept", "application/json"));

        Assert.Equal(arn, attributes.Json["GetTopicAttributesResponse"]!["GetTopicAttributesResult"]!["Attributes"]!["TopicArn"]!.GetValue<string>());
        Assert.Equal(("InvalidParameter", 400), (wrong.Json["Error"]!["Code"]!.GetValue<string>(), wrong.Status));
    }

    [Theory]
    [InlineData("Action=ListTopics", 200, "ListTopicsResponse")]
    [InlineData("Action=ListTopics&Version=2012-11-05", 400, "ErrorResponse")]
    [InlineData("Action=ListQueues&Version=2010-03-31", 400, "ErrorResponse")]
    [InlineData("Action=AddPermission&Version=2010-03-31", 400, "ErrorResponse")]
    public async Task An_action_is_of_the_service_that_the_version_says(string form, int status, string root)
    {
        WireAnswer answer = await server.FormAsync(form);

        Assert.Equal((status, root), (answer.Status, answer.Xml.Name.LocalName));
    }

    [Fact]
    public async Task An_action_of_two_services_is_told_apart_by_the_signature()
    {
        const string credential = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{0}/aws4_request, SignedHeaders=host, Signature=0";
        WireAnswer sns = await server.FormAsync("Action=RemovePermission", headers: ("Authorization", credential.Replace("{0}", "sns", StringComparison.Ordinal)));
        WireAnswer sqs = await server.FormAsync("Action=RemovePermission", headers: ("Authorization", credential.Replace("{0}", "sqs", StringComparison.Ordinal)));

        Assert.Equal(("ValidationError", "MissingParameter"), (sns.XmlError.Code, sqs.XmlError.Code));
    }
}

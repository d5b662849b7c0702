using System.Xml.Linq;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>Move tasks by the Query protocol, which no SDK at hand speaks for them.</summary>
[Collection(WireGroup.Name)]
public sealed class MoveTaskTests(WireServer server)
{
    private static readonly XNamespace Space = "http://queue.amazonaws.com/doc/2012-11-05/";

    [Fact]
    public async Task A_move_task_is_started_listed_and_cancelled()
    {
        (string dead, string deadArn) = await QueueAsync();
        (string source, _) = await QueueAsync();
        string policy = Uri.EscapeDataString($$"""{"deadLetterTargetArn":"{{deadArn}}","maxReceiveCount":1}""");
        await CallAsync($"Action=SetQueueAttributes&QueueUrl={Uri.EscapeDataString(source)}&Attribute.1.Name=RedrivePolicy&Attribute.1.Value={policy}");
        for (int index = 0; index < 5; index++)
            await CallAsync($"Action=SendMessage&QueueUrl={Uri.EscapeDataString(dead)}&MessageBody=m{index}");
        await CallAsync($"Action=SetQueueAttributes&QueueUrl={Uri.EscapeDataString(source)}&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=1");

        XElement started = await CallAsync($"Action=StartMessageMoveTask&SourceArn={deadArn}&DestinationArn={await ArnAsync(source)}&MaxNumberOfMessagesPerSecond=1");
        string handle = started.Element(Space + "StartMessageMoveTaskResult")!.Element(Space + "TaskHandle")!.Value;
        XElement task = Assert.Single((await CallAsync($"Action=ListMessageMoveTasks&SourceArn={deadArn}&MaxResults=10"))
            .Element(Space + "ListMessageMoveTasksResult")!.Elements(Space + "ListMessageMoveTasksResultEntry"));
        Assert.Equal(("RUNNING", deadArn, "1", "5"), (Of(task, "Status"), Of(task, "SourceArn"), Of(task, "MaxNumberOfMessagesPerSecond"), Of(task, "ApproximateNumberOfMessagesToMove")));
        XElement cancelled = await CallAsync($"Action=CancelMessageMoveTask&TaskHandle={handle}");

        Assert.NotNull(cancelled.Element(Space + "CancelMessageMoveTaskResult")!.Element(Space + "ApproximateNumberOfMessagesMoved"));
    }

    [Theory]
    [InlineData("Action=StartMessageMoveTask", 400, "MissingParameter")]
    [InlineData("Action=StartMessageMoveTask&SourceArn=q", 400, "InvalidParameterValue")]
    [InlineData("Action=StartMessageMoveTask&SourceArn=arn:aws:sqs:us-east-1:000000000000:nowhere", 404, "ResourceNotFoundException")]
    [InlineData("Action=StartMessageMoveTask&SourceArn=arn:aws:sqs:us-east-1:000000000000:q&MaxNumberOfMessagesPerSecond=501", 400, "InvalidParameterValue")]
    [InlineData("Action=ListMessageMoveTasks&SourceArn=arn:aws:sqs:us-east-1:000000000000:q&MaxResults=11", 400, "InvalidParameterValue")]
    [InlineData("Action=CancelMessageMoveTask&TaskHandle=x", 400, "InvalidParameterValue")]
    public async Task What_is_no_task_is_refused(string form, int status, string code)
    {
        WireAnswer answer = await server.FormAsync(form);

        Assert.Equal((status, code), (answer.XmlError.Status, answer.XmlError.Code));
    }

    private static string Of(XElement task, string name) => task.Element(Space + name)!.Value;

    private async Task<(string Url, string Arn)> QueueAsync()
    {
        (string url, _) = await server.CreateQueueAsync();
        return (url, await ArnAsync(url));
    }

    private async Task<string> ArnAsync(string url) =>
        (await CallAsync($"Action=GetQueueAttributes&QueueUrl={Uri.EscapeDataString(url)}&AttributeName.1=QueueArn")).Descendants(Space + "Value").Single().Value;

    private async Task<XElement> CallAsync(string form)
    {
        WireAnswer answer = await server.FormAsync(form);
        Assert.True(answer.Status == 200, answer.Body);
        return XElement.Parse(answer.Body);
    }
}

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>
/// URLs have the host by which the client came, and a host may name the region. Source: Amazon SQS Developer Guide, "Amazon SQS queue and message
/// identifiers"; AWS General Reference, "Amazon SQS endpoints and quotas". Any host is taken only by a server that was told to be open beyond this machine.
/// </summary>
public sealed class HostTests(HostTests.Server server) : IClassFixture<HostTests.Server>
{
    [Theory]
    [InlineData("sqs.example.org:9324", "us-east-1")]
    [InlineData("sqs.eu-west-1.example.org", "eu-west-1")]
    [InlineData("sqs.ap-southeast-2.example.org:443", "ap-southeast-2")]
    [InlineData("eu-north-1.queue.example.org", "eu-north-1")]
    [InlineData("queue.example.org", "us-east-1")]
    public async Task A_host_is_that_of_the_urls_and_may_name_the_region(string host, string region)
    {
        WireAnswer created = await server.Wire.GetAsync("/?Action=CreateQueue&QueueName=hosted", ("Host", host));
        string path = new Uri(created.Text("QueueUrl")!).AbsolutePath;
        WireAnswer read = await server.Wire.GetAsync($"{path}?Action=GetQueueAttributes&AttributeName.1=QueueArn", ("Host", host));
        WireAnswer elsewhere = await server.Wire.GetAsync($"{path}?Action=GetQueueAttributes&AttributeName.1=QueueArn", ("Host", "sqs.sa-east-1.example.org"));

        Assert.Equal($"http://{host}{path}", created.Text("QueueUrl"));
        Assert.Matches($@"^arn:aws:sqs:{region}:\d{{12}}:hosted$", read.Text("Value"));
        Assert.Equal("AWS.SimpleQueueService.NonExistentQueue", elsewhere.XmlError.Code);
    }

    [Fact]
    public async Task The_region_of_a_signature_counts_before_that_of_the_host()
    {
        const string Authorization = "AWS4-HMAC-SHA256 Credential=x/20261125/eu-central-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=0";

        WireAnswer created = await server.Wire.GetAsync("/?Action=CreateQueue&QueueName=signed", ("Host", "sqs.eu-west-1.example.org"), ("Authorization", Authorization));
        string path = new Uri(created.Text("QueueUrl")!).AbsolutePath;
        WireAnswer read = await server.Wire.GetAsync($"{path}?Action=GetQueueAttributes&AttributeName.1=QueueArn", ("Host", "example.org"), ("Authorization", Authorization));

        Assert.StartsWith("arn:aws:sqs:eu-central-1:", read.Text("Value"), StringComparison.Ordinal);
    }

    /// <summary>A server that takes any host.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public WireServer Wire { get; } = new(SqsServer.StartForAnyHostAsync);

        public Task InitializeAsync() => Wire.InitializeAsync();

        public Task DisposeAsync() => Wire.DisposeAsync();
    }
}

using System.Buffers.Text;
using System.Text;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;

namespace Messaging.Aws.Tests.Wire;

/// <summary>Names, addresses and handles: what is written reads back, and nothing else does.</summary>
public sealed class NamesTests
{
    [Theory]
    [InlineData("http://localhost:8080/000000000000/q", "000000000000", "q")]
    [InlineData("https://sqs.us-east-1.amazonaws.com/123456789012/orders.fifo", "123456789012", "orders.fifo")]
    [InlineData("https://us-east-1.queue.amazonaws.com/123456789012/orders/", "123456789012", "orders")]
    [InlineData("/123456789012/q", "123456789012", "q")]
    [InlineData("http://proxy/some/where/123456789012/q", "123456789012", "q")]
    [InlineData("q", null, null)]
    [InlineData("", null, null)]
    [InlineData("http://localhost:8080", null, null)]
    [InlineData("http://localhost:8080/q", null, null)]
    [InlineData("http://localhost:8080/12345678901/q", null, null)]
    [InlineData("http://localhost:8080/1234567890123/q", null, null)]
    public void A_queue_URL_ends_with_account_and_name(string url, string? account, string? name)
    {
        bool found = QueuePath.TryParse(Encoding.UTF8.GetBytes(url), out AccountId id, out ReadOnlySpan<byte> text);

        Assert.Equal((account is not null, account ?? AccountId.Default.Value, name ?? ""), (found, id.Value, found ? Encoding.UTF8.GetString(text) : ""));
    }

    [Theory]
    [InlineData("q", true)]
    [InlineData("A-z_09", true)]
    [InlineData("q.fifo", true)]
    [InlineData(".fifo", false)]
    [InlineData("", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void A_name_is_of_letters_digits_hyphens_and_underscores(string name, bool legal) => Assert.Equal(legal, QueueNames.IsLegal(name));

    [Fact]
    public void A_name_has_at_most_eighty_characters_with_its_suffix()
    {
        Assert.True(QueueNames.IsLegal(new string('a', 80)));
        Assert.False(QueueNames.IsLegal(new string('a', 81)));
        Assert.True(QueueNames.IsLegal(new string('a', 75) + ".fifo"));
        Assert.False(QueueNames.IsLegal(new string('a', 76) + ".fifo"));
    }

    [Theory]
    [InlineData("arn:aws:sqs:us-east-1:123456789012:q", true)]
    [InlineData("arn:aws:sqs:us-east-1:123456789012:q.fifo", true)]
    [InlineData("arn:aws:sns:us-east-1:123456789012:q", false)]
    [InlineData("arn:aws:sqs::123456789012:q", false)]
    [InlineData("arn:aws:sqs:us-east-1:1:q", false)]
    [InlineData("arn:aws:sqs:us-east-1:123456789012:", false)]
    [InlineData("arn:aws:sqs:us-east-1:123456789012:a:b", false)]
    [InlineData("", false)]
    public void An_ARN_reads_back_as_it_is_written(string text, bool legal)
    {
        Assert.Equal(legal, QueueArn.TryParse(text, out QueueArn arn));
        Assert.Equal(legal ? text : "", legal ? arn.ToString() : "");
    }

    [Theory]
    [InlineData("sqs.eu-west-1.example.org", "eu-west-1")]
    [InlineData("sqs.us-east-1.localhost:8080", "us-east-1")]
    [InlineData("us-gov-west-1.queue.amazonaws.com", "us-gov-west-1")]
    [InlineData("sqs.example.org", null)]
    [InlineData("localhost:8080", null)]
    [InlineData("sqs.", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_host_may_name_the_region(string? host, string? region) => Assert.Equal(region, HostRegion.Of(host));

    [Fact]
    public void A_receipt_handle_reads_back_and_one_that_was_changed_is_none_or_another_one()
    {
        var random = new Random(1);
        byte[] text = new byte[ReceiptHandle.TextLength];
        for (int run = 0; run < 1_000; run++)
        {
            byte[] bytes = new byte[40];
            random.NextBytes(bytes);
            "\u0001\0\0\0"u8.CopyTo(bytes);
            Assert.True(Receipt.TryParse(Base64Url.EncodeToString(bytes), out Receipt receipt));
            var handle = new ReceiptHandle(receipt, random.NextInt64());
            handle.Format(text);
            Assert.True(ReceiptHandle.TryParse(text, out ReceiptHandle read));
            Assert.Equal(handle, read);
            text[random.Next(text.Length)] ^= (byte)random.Next(1, 256);
            if (ReceiptHandle.TryParse(text, out ReceiptHandle other)) Assert.NotEqual(handle, other);
        }
        Assert.False(ReceiptHandle.TryParse(text.AsSpan(1), out _));
    }

    [Fact]
    public void A_task_handle_reads_back()
    {
        Assert.True(OperationId.TryParse("0b6f1d9e-7c1a-4e57-9f0e-2b8f5f6c1d3a", out OperationId id));
        Assert.True(QueueArn.TryParse("arn:aws:sqs:us-east-1:123456789012:q", out QueueArn arn));
        var handle = new TaskHandle(id, arn);

        Assert.True(TaskHandle.TryParse(handle.ToString(), out TaskHandle read));
        Assert.Equal(handle, read);
        Assert.False(TaskHandle.TryParse(handle.ToString()[2..], out _));
        Assert.False(TaskHandle.TryParse("", out _));
        Assert.False(TaskHandle.TryParse(null, out _));
        Assert.False(TaskHandle.TryParse(new string('A', 10_000), out _));
    }

    [Fact]
    public void The_order_of_parameters_is_an_order()
    {
        string[] words = ["1", "01", "2", "9", "10", "1a", "a", "b.1", "b.10", "b.9", "b", "", "999999999999"];
        foreach (string one in words)
        {
            foreach (string other in words)
            {
                int order = Compare(one, other);
                Assert.Equal(Math.Sign(order), -Math.Sign(Compare(other, one)));
                Assert.All(words, third => Assert.False(order < 0 && Compare(other, third) < 0 && Compare(one, third) >= 0));
            }
        }
    }

    private static int Compare(string left, string right) => QueryNames.Compare(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}

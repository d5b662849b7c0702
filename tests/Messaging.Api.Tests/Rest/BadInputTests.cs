using System.Net.Sockets;
using System.Text;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>
/// Each kind of bad input has its exact problem, and the queue is as before. Parsers by themselves are tested in Messaging.Rest.Tests.
/// </summary>
public sealed class BadInputTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("/messages", """{"messages":[{"body":"x"}""", 400, "malformedJson", null)]
    [InlineData("/messages", """{"messages":[{"body":"x"}]} trailing""", 400, "malformedJson", null)]
    [InlineData("/messages", """{"messages":[{"body":"x"}],"messages":[]}""", 400, "duplicateField", "messages")]
    [InlineData("/messages", """{"message":"x"}""", 400, "unknownField", "message")]
    [InlineData("/messages", """{"messages":"x"}""", 400, "invalidValue", "messages")]
    [InlineData("/messages", """{"messages":[]}""", 400, "batchEmpty", "messages")]
    [InlineData("/messages", """{"messages":[{"body":5}]}""", 400, "invalidValue", "messages[0].body")]
    [InlineData("/messages", """{"messages":[{"body":"x","delaySeconds":-5}]}""", 400, "invalidValue", "messages[0].delaySeconds")]
    [InlineData("/messages", """{"messages":[{"body":"x","delaySeconds":123456789012345678901234567890}]}""", 400, "invalidValue", "messages[0].delaySeconds")]
    [InlineData("/messages", """{"messages":[{"body":"x","attributes":{"_m.id":{"type":"string","value":""}}}]}""", 400, "invalidValue", "messages[0].attributes._m.id")]
    [InlineData("/messages", """{"messages":[{"body":"x","deliverAt":"2999-01-31T09:00:00Z"}]}""", 400, "invalidValue", "messages[0].deliverAt")]
    [InlineData("/receive", """{"max":0}""", 400, "invalidValue", "max")]
    [InlineData("/receive", """{"max":1001}""", 400, "invalidValue", "max")]
    [InlineData("/receive", """{"waitSeconds":61}""", 400, "invalidValue", "waitSeconds")]
    [InlineData("/receive", """{"leaseSeconds":-1}""", 400, "invalidValue", "leaseSeconds")]
    [InlineData("/receive", """{"attemptId":""}""", 400, "invalidValue", "attemptId")]
    [InlineData("/receive", """{"attemptId":"a\nb"}""", 400, "invalidValue", "attemptId")]
    [InlineData("/receive", """{"attemptId":7}""", 400, "invalidValue", "attemptId")]
    [InlineData("/receive?encoding=hex", "{}", 400, "invalidValue", "encoding")]
    [InlineData("/receive?encodin=auto", "{}", 400, "unknownField", "encodin")]
    [InlineData("/acknowledge", """{"receipts":["forged"]}""", 400, "receiptInvalid", "receipts[0]")]
    [InlineData("/acknowledge", """{"receipts":["AQAAAAEAAAAHAAAAAAAAAAMAAAAAAAAAm1xkq3bJ0mVnF2o8Zl5Qyg"]}""", 400, "receiptInvalid", "receipts[0]")]
    [InlineData("/extend", """{"entries":[{"receipt":"forged","leaseSeconds":1}]}""", 400, "receiptInvalid", "entries[0].receipt")]
    [InlineData("/extend", """{"entries":[{"leaseSeconds":43201}]}""", 400, "invalidValue", "entries[0].leaseSeconds")]
    [InlineData("/release", """{"entries":[{"delaySeconds":1}]}""", 400, "missingField", "entries[0].receipt")]
    public async Task A_wrong_call_has_its_exact_problem_and_changes_nothing(string path, string json, int status, string code, string? field)
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAndReceiveAsync(queue);
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"ready"}]}""");

        Assert.Equal((status, code, field), (await server.CallAsync("POST", queue + path, json)).Problem);
        Assert.Equal((1, 1, 0), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("/messages", """{"messages":[{"body":"x"}]}""")]
    [InlineData("/receive", "{}")]
    public async Task A_queue_that_does_not_exist_is_named_as_missing(string path, string json) =>
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("POST", "/v1/queues/nobody" + path, json)).Problem);

    [Fact]
    public async Task A_thousand_and_one_entries_are_refused_as_one_call()
    {
        string queue = await server.CreateQueueAsync();
        string messages = string.Join(',', Enumerable.Repeat("""{"body":"x"}""", 1_001));
        string receipts = string.Join(',', Enumerable.Repeat("\"x\"", 1_001));

        Assert.Equal((413, "batchTooLarge", "messages"), (await server.CallAsync("POST", queue + "/messages", $$"""{"messages":[{{messages}}]}""")).Problem);
        Assert.Equal((413, "batchTooLarge", "receipts"), (await server.CallAsync("POST", queue + "/acknowledge", $$"""{"receipts":[{{receipts}}]}""")).Problem);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_receipt_of_another_queue_or_of_an_earlier_delivery_is_told_apart()
    {
        string queue = await server.CreateQueueAsync();
        string other = await server.CreateQueueAsync();
        string foreign = await server.SendAndReceiveAsync(other);
        string first = await server.SendAndReceiveAsync(queue);

        Assert.Equal((400, "receiptOfAnotherQueue", "receipts[0]"), (await Acknowledge(queue, foreign)).Problem);
        Assert.Equal(200, (await server.CallAsync("POST", queue + "/release", $$"""{"entries":[{"receipt":"{{first}}"}]}""")).Status);
        Assert.Equal((409, "notLeased", "entries[0].receipt"), (await server.CallAsync("POST", queue + "/extend", $$"""{"entries":[{"receipt":"{{first}}","leaseSeconds":5}]}""")).Problem);
        string second = (await server.CallAsync("POST", queue + "/receive", "{}")).Json["messages"]![0]!["receipt"]!.GetValue<string>();
        Assert.Equal((409, "receiptStale", "receipts[0]"), (await Acknowledge(queue, first)).Problem);
        Assert.Equal((0, 1, 0), await server.CountsAsync(queue));
        Assert.Equal(200, (await Acknowledge(queue, second)).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=latin1")]
    [InlineData(null)]
    public async Task Another_content_type_is_answered_with_the_command_that_works(string? type)
    {
        string queue = await server.CreateQueueAsync();
        var content = new ByteArrayContent("""{"messages":[{"body":"x"}]}"""u8.ToArray());
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);

        Answer answer = await server.CallAsync("POST", queue + "/messages", content);

        Assert.Equal((415, "unsupportedMediaType", "Content-Type"), answer.Problem);
        Assert.Contains($"curl -X POST '{server.Client.BaseAddress!.ToString().TrimEnd('/')}{queue}/messages' -H 'Content-Type: application/json' -d '", answer.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("Message-Attributes", "{}")]
    [InlineData("message-delay-seconds", "5")]
    [InlineData("Message-Color", "red")]
    public async Task A_header_of_the_raw_send_is_refused_with_messages_in_JSON(string header, string value)
    {
        string queue = await server.CreateQueueAsync();

        Assert.Equal((400, "unknownField", header), (await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"x"}]}""", (header, value))).Problem);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("PUT", "", "gzip")]
    [InlineData("POST", "/messages", "br")]
    [InlineData("POST", "/messages/raw", "x-own")]
    [InlineData("POST", "/receive", "deflate")]
    [InlineData("POST", "/acknowledge", "zstd")]
    public async Task An_encoded_body_is_refused(string method, string path, string encoding)
    {
        string queue = await server.CreateQueueAsync();
        HttpContent Content(string said) => new StringContent("{}", Encoding.UTF8, "application/json") { Headers = { ContentEncoding = { said } } };

        Answer answer = await server.CallAsync(method, queue + path, Content(encoding));

        Assert.Equal((415, "unsupportedContentEncoding", "Content-Encoding"), answer.Problem);
        Assert.Equal("identity", answer.Response.Headers.GetValues("Accept-Encoding").Single());
        Assert.NotEqual(415, (await server.CallAsync(method, queue + path, Content("Identity"))).Status);
    }

    [Fact]
    public async Task A_raw_message_of_no_media_type_is_refused()
    {
        string queue = await server.CreateQueueAsync();
        using Socket socket = await ConnectAsync();
        await SendAsync(socket, $"POST {queue}/messages/raw HTTP/1.1\r\nHost: localhost\r\nContent-Type: text\u0001/plain\r\nContent-Length: 1\r\n\r\nx");

        string answer = await ReadAnswerAsync(socket);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"Content-Type\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_is_no_JSON_is_called_a_header()
    {
        string queue = await server.CreateQueueAsync();
        Answer answer = await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent([1]), ("Message-Attributes", "{"));

        Assert.StartsWith("The header is not well-formed JSON", answer.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/messages", "bodyTooLarge")]
    [InlineData("/receive", "bodyTooLarge")]
    [InlineData("/messages/raw", "messageTooLarge")]
    public async Task A_body_over_the_limit_is_refused_while_it_comes(string path, string code)
    {
        string queue = await server.CreateQueueAsync();
        using Socket socket = await ConnectAsync();
        await SendAsync(socket, $"POST {queue}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        Task<string> answer = ReadAnswerAsync(socket);
        byte[] chunk = [.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8];
        try
        {
            // Without end: the answer comes before the body has ended. Kestrel then reads on into nothing for at most 5 seconds, so that a client sees it.
            while (!answer.IsCompleted)
            {
                await socket.SendAsync(chunk);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            }
        }
        catch (SocketException)
        {
            // It closed the connection.
        }

        Assert.StartsWith("HTTP/1.1 413 ", await answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", await answer, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Theory]
    [InlineData("/messages", "bodyTooLarge")]
    [InlineData("/messages/raw", "messageTooLarge")]
    public async Task A_length_over_the_limit_is_refused_at_once(string path, string code)
    {
        string queue = await server.CreateQueueAsync();
        using Socket socket = await ConnectAsync();
        await SendAsync(socket, $"POST {queue}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n");

        string answer = await ReadAnswerAsync(socket);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_client_is_ended()
    {
        string queue = await server.CreateQueueAsync();
        using Socket socket = await ConnectAsync();
        await SendAsync(socket, $"POST {queue}/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"mess");

        string answer = await ReadAnswerAsync(socket);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"requestTimeout\"", answer, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    private Task<Answer> Acknowledge(string queue, string receipt) => server.CallAsync("POST", queue + "/acknowledge", $$"""{"receipts":["{{receipt}}"]}""");

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        return socket;
    }

    private static Task SendAsync(Socket socket, string text) => socket.SendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReadAnswerAsync(Socket socket)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var answer = new MemoryStream();
        byte[] buffer = new byte[4_096];
        try
        {
            while (!IsWhole(answer) && await socket.ReceiveAsync(buffer, timeout.Token) is > 0 and int read)
                answer.Write(buffer, 0, read);
        }
        catch (SocketException)
        {
            // Closed with our bytes unread.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static bool IsWhole(MemoryStream answer)
    {
        string text = Encoding.UTF8.GetString(answer.ToArray());
        int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        const string Length = "Content-Length: ";
        int length = text.IndexOf(Length, StringComparison.Ordinal) + Length.Length;
        return head > 0 && answer.Length == head + 4 + int.Parse(text.AsSpan(length, text.IndexOf('\r', length) - length));
    }
}

using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;
using Messaging.TestKit;

namespace Messaging.Api.Tests.Rest;

/// <summary>Following a partition: server-sent events and lines of JSON.</summary>
public sealed class RecordStreamsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Events = "text/event-stream", Lines = "application/x-ndjson";
    private const string Partition = "/partitions/0/records";

    [Fact]
    public async Task Events_are_the_records_that_are_there_and_those_that_come()
    {
        string topic = await server.CreateTopicAsync();
        await PublishAsync(topic, "a", "b");
        using StreamReader stream = await OpenAsync(topic + Partition, Events);

        Assert.Equal([(0, "a"), (1, "b")], [await EventAsync(stream), await EventAsync(stream)]);
        await PublishAsync(topic, "c");
        Assert.Equal((2, "c"), await EventAsync(stream));
    }

    [Fact]
    public async Task A_client_that_comes_again_goes_on_behind_its_last_event()
    {
        string topic = await server.CreateTopicAsync();
        await PublishAsync(topic, "a", "b", "c");

        using StreamReader stream = await OpenAsync(topic + Partition + "?offset=0", Events, ("Last-Event-ID", "1"));
        Assert.Equal((2, "c"), await EventAsync(stream));
    }

    [Fact]
    public async Task Lines_are_the_records_that_are_there_and_those_that_come()
    {
        string topic = await server.CreateTopicAsync();
        await PublishAsync(topic, "a", "b\nb");
        using StreamReader stream = await OpenAsync(topic + Partition + "?offset=1&encoding=base64", Lines);

        Assert.Equal("Ygpi", JsonNode.Parse((await stream.ReadLineAsync())!)!["bodyBase64"]!.GetValue<string>());
        await PublishAsync(topic, "c");
        JsonNode last = JsonNode.Parse((await stream.ReadLineAsync())!)!;
        Assert.Equal((2, "Yw=="), (last["offset"]!.GetValue<int>(), last["bodyBase64"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_stream_from_the_end_on_begins_with_what_comes()
    {
        string topic = await server.CreateTopicAsync();
        await PublishAsync(topic, "old");
        using StreamReader stream = await OpenAsync(topic + Partition + "?offset=latest", Lines);
        await PublishAsync(topic, "new");

        Assert.Equal("new", JsonNode.Parse((await stream.ReadLineAsync())!)!["body"]!.GetValue<string>());
    }

    [Fact]
    public async Task Many_large_records_stream_in_order_and_none_is_lost()
    {
        string topic = await server.CreateTopicAsync();
        byte[] large = new byte[100_000];
        for (int index = 0; index < 30; index++)
            Assert.Equal(200, (await server.CallAsync("POST", topic + "/records/raw", new ByteArrayContent(large))).Status);
        using StreamReader stream = await OpenAsync(topic + Partition + "?encoding=base64", Lines);

        for (int index = 0; index < 30; index++)
            Assert.Equal(index, JsonNode.Parse((await stream.ReadLineAsync())!)!["offset"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_stream_of_a_topic_that_is_deleted_ends_with_an_error()
    {
        string topic = await server.CreateTopicAsync();
        await PublishAsync(topic, "a");
        using StreamReader events = await OpenAsync(topic + Partition, Events);
        using StreamReader lines = await OpenAsync(topic + Partition, Lines);
        Assert.Equal((0, "a"), await EventAsync(events));
        Assert.NotNull(await lines.ReadLineAsync());
        Assert.Equal(204, (await server.CallAsync("DELETE", topic)).Status);

        Assert.Equal("event: error", await events.ReadLineAsync());
        Assert.StartsWith("""data: {"error":{"code":"topicNotFound",""", await events.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await events.ReadLineAsync());
        Assert.Null(await events.ReadLineAsync());
        Assert.StartsWith("""{"error":{"code":"topicNotFound",""", await lines.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Null(await lines.ReadLineAsync());
    }

    [Theory]
    [InlineData(Events, "?limit=1", 400, "unknownField", "limit")]
    [InlineData(Lines, "?waitSeconds=1", 400, "unknownField", "waitSeconds")]
    [InlineData(Lines, "?offset=7", 416, "offsetOutOfRange", "offset")]
    [InlineData(Events, "?offset=x", 400, "invalidValue", "offset")]
    public async Task A_stream_that_can_not_begin_is_refused_with_a_status(string accept, string query, int status, string code, string field)
    {
        string topic = await server.CreateTopicAsync();
        Assert.Equal((status, code, field), (await server.CallAsync("GET", topic + Partition + query, headers: ("Accept", accept))).Problem);
    }

    [Theory]
    [InlineData("x", 400, "invalidValue", "Last-Event-ID")]
    [InlineData("9223372036854775807", 400, "invalidValue", "Last-Event-ID")]
    [InlineData("7", 416, "offsetOutOfRange", "offset")]
    public async Task A_last_event_that_was_none_is_refused(string id, int status, string code, string field)
    {
        string topic = await server.CreateTopicAsync();
        Assert.Equal((status, code, field), (await server.CallAsync("GET", topic + Partition, headers: [("Accept", Events), ("Last-Event-ID", id)])).Problem);
    }

    [Fact]
    public async Task A_stop_ends_a_stream_at_once_and_without_an_error()
    {
        var stopped = new RunningServer();
        await stopped.InitializeAsync();
        string topic = await stopped.CreateTopicAsync();
        await stopped.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"}]}""");
        using StreamReader stream = await OpenAsync(topic + Partition, Lines, on: stopped);
        Assert.NotNull(await stream.ReadLineAsync());

        long began = TimeProvider.System.GetTimestamp();
        Task stop = stopped.Server.StopAsync();
        Assert.Null(await stream.ReadLineAsync());
        await stop;
        // Well before the next fetch of a silent stream would end by itself.
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
        await stopped.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_client_that_does_not_read()
    {
        var stopped = new RunningServer();
        await stopped.InitializeAsync();
        string topic = await stopped.CreateTopicAsync();
        for (int index = 0; index < 40; index++)
            Assert.Equal(200, (await stopped.CallAsync("POST", topic + "/records/raw", new ByteArrayContent(new byte[1_000_000]))).Status);
        using StreamReader stream = await OpenAsync(topic + Partition, Lines, on: stopped);

        long began = TimeProvider.System.GetTimestamp();
        await stopped.DisposeAsync();
        // Kestrel cuts after its five seconds; what it has sent is no whole answer.
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<IOException>(stream.ReadToEndAsync);
    }

    [Theory]
    [InlineData(Events)]
    [InlineData(Lines)]
    public async Task The_head_of_a_stream_has_an_end(string accept) =>
        Assert.Equal((200, "application/json"), await HeadAsync(await server.CreateTopicAsync() + Partition, accept));

    private async Task<(int Status, string? Type)> HeadAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Add("Accept", accept);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_silent_stream_of_events_has_a_comment_every_fifteen_seconds()
    {
        var time = new ManualTimeProvider();
        await using var quiet = new RunningServer(time);
        await quiet.InitializeAsync();
        using StreamReader stream = await OpenAsync(await quiet.CreateTopicAsync() + Partition, Events, on: quiet);
        Assert.Equal(":", await stream.ReadLineAsync());
        Assert.Equal("", await stream.ReadLineAsync());

        Task<string?> comment = stream.ReadLineAsync();
        time.Advance(TimeSpan.FromSeconds(14));
        // Its next fetch may not wait yet; from when it does, fifteen seconds are enough.
        while (!comment.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(15));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
        Assert.Equal(":", await comment);
    }

    [Fact]
    public async Task A_thousand_and_first_stream_waits_for_another_to_end()
    {
        // The streams of the other tests are not its.
        await using var crowded = new RunningServer();
        await crowded.InitializeAsync();
        string topic = await crowded.CreateTopicAsync();
        var open = new List<StreamReader>();
        try
        {
            while (open.Count < 1_000)
                open.Add(await OpenAsync(topic + Partition, Lines, on: crowded));
            Answer refused = await crowded.CallAsync("GET", topic + Partition, headers: ("Accept", Lines));
            Assert.Equal((429, "tooManyWaiting", null), refused.Problem);
            Assert.NotNull(refused.Response.Headers.RetryAfter);

            open[0].Dispose();
            open[0] = await OpenWhenThereIsRoomAsync(crowded, topic + Partition);
        }
        finally
        {
            open.ForEach(stream => stream.Dispose());
        }
    }

    // The server hears a moment later that a client has left.
    private static async Task<StreamReader> OpenWhenThereIsRoomAsync(RunningServer server, string path)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept", Lines);
            HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if ((int)response.StatusCode == 200)
                return new StreamReader(await response.Content.ReadAsStreamAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<StreamReader> OpenAsync(string path, string accept, (string Name, string Value)? header = null, RunningServer? on = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        if (header is { } given)
            request.Headers.Add(given.Name, given.Value);
        HttpResponseMessage response = await (on ?? server).Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((200, accept), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    private static async Task<(int Id, string Body)> EventAsync(StreamReader stream)
    {
        string id = (await stream.ReadLineAsync())!;
        // Comments stand between events.
        while (id is ":" or "")
            id = (await stream.ReadLineAsync())!;
        string data = (await stream.ReadLineAsync())!;
        Assert.Equal("", await stream.ReadLineAsync());
        JsonNode record = JsonNode.Parse(data["data: ".Length..])!;
        Assert.Equal("id: " + record["offset"], id);
        return (record["offset"]!.GetValue<int>(), record["body"]!.GetValue<string>());
    }

    private async Task PublishAsync(string topic, params string[] bodies)
    {
        var records = new JsonArray([.. bodies.Select(body => new JsonObject { ["body"] = body })]);
        Assert.Equal(200, (await server.CallAsync("POST", topic + "/records", new JsonObject { ["records"] = records }.ToJsonString())).Status);
    }
}

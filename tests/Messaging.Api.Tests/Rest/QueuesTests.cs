using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class QueuesTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_queue_is_created_changed_read_listed_and_deleted()
    {
        const string Path = "/v1/queues/lifecycle";
        Answer created = await server.CallAsync("PUT", Path, """{"leaseSeconds":60,"tags":{"team":"orders"}}""");
        Assert.Equal((201, Path), (created.Status, created.Response.Headers.Location!.OriginalString));
        Assert.Equal(60, created.Json["leaseSeconds"]!.GetValue<int>());

        Answer changed = await server.CallAsync("PUT", Path, """{"delaySeconds":5}""");
        Assert.Equal((200, 30, 5, 0), (changed.Status, changed.Json["leaseSeconds"]!.GetValue<int>(), changed.Json["delaySeconds"]!.GetValue<int>(), changed.Json["tags"]!.AsObject().Count));
        Assert.Equal(changed.Body, (await server.CallAsync("GET", Path)).Body);
        Assert.Equal("lifecycle", (await server.CallAsync("GET", "/v1/queues?prefix=lifec")).Json["queues"]![0]!["name"]!.GetValue<string>());

        Assert.Equal(204, (await server.CallAsync("DELETE", Path)).Status);
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("GET", Path)).Problem);
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("DELETE", Path)).Problem);
    }

    [Fact]
    public async Task Without_a_body_a_queue_has_the_defaults() => Assert.Equal(201, (await server.CallAsync("PUT", "/v1/queues/bare")).Status);

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        for (int index = 0; index < 5; index++)
            await server.CallAsync("PUT", $"/v1/queues/paged{index}");

        List<string> names = [];
        for (string? token = ""; token is not null;)
        {
            Answer page = await server.CallAsync("GET", $"/v1/queues?prefix=paged&pageSize=2{(token == "" ? "" : "&pageToken=" + Uri.EscapeDataString(token))}");
            names.AddRange(page.Json["queues"]!.AsArray().Select(queue => queue!["name"]!.GetValue<string>()));
            token = page.Json["nextPageToken"]?.GetValue<string>();
        }

        Assert.Equal(["paged0", "paged1", "paged2", "paged3", "paged4"], names);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("100%25", "100%")]
    [InlineData("%C3%A4%20%F0%9F%98%80", "ä 😀")]
    [InlineData("plus+sign", "plus+sign")]
    [InlineData("q.fifo", "q.fifo")]
    public async Task A_name_in_the_path_is_percent_encoded_UTF8(string segment, string name)
    {
        string path = "/v1/queues/" + segment;
        Answer created = await server.CallAsync("PUT", path);

        Assert.Equal((201, name), (created.Status, created.Json["name"]!.GetValue<string>()));
        Assert.Equal(200, (await server.CallAsync("POST", path + "/messages", """{"messages":[{"body":"x"}]}""")).Status);
        Assert.Equal(200, (await server.CallAsync("GET", created.Response.Headers.Location!.OriginalString)).Status);
    }

    [Theory]
    [InlineData("/v1/queues/%FF")]
    [InlineData("/v1/queues/a%0Ab")]
    [InlineData("/v1/queues/a%zz")]
    public async Task A_name_that_is_none_is_refused(string path) => Assert.Equal((400, "invalidName", "queue"), (await server.CallAsync("PUT", path)).Problem);

    [Theory]
    [InlineData("GET", "/v1/queues/.")]
    [InlineData("PUT", "/v1/queues/..")]
    [InlineData("PUT", "/v1/queues/%2E")]
    [InlineData("DELETE", "/v1/queues/%2e.?x=1")]
    [InlineData("POST", "/v1/queues/../messages")]
    [InlineData("POST", "/v1/queues/./receive")]
    public async Task A_name_that_a_path_resolves_is_refused(string method, string path) =>
        Assert.Equal((400, "invalidName", "queue"), (await server.CallAsync(method, path)).Problem);

    [Theory]
    [InlineData("...")]
    [InlineData(".hidden")]
    [InlineData("a..")]
    public async Task A_name_may_begin_and_end_with_dots(string name) => Assert.Equal(201, (await server.CallAsync("PUT", "/v1/queues/" + name)).Status);

    [Theory]
    [InlineData("/v1/queues", 200)]
    [InlineData("/v1/queues/nobody", 404)]
    [InlineData("/v1/operations", 200)]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/openapi.yaml", 200)]
    [InlineData("/swagger/index.html", 200)]
    public async Task Head_answers_as_get_does_without_the_body(string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage head = await server.Client.SendAsync(request);
        using HttpResponseMessage get = await server.Client.GetAsync(path);

        Assert.Equal((status, get.StatusCode), ((int)head.StatusCode, head.StatusCode));
        Assert.Equal("", await head.Content.ReadAsStringAsync());
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData("HEAD", "/v1/queues/q/receive")]
    [InlineData("OPTIONS", "/v1/queues/q/receive")]
    public async Task Another_method_is_told_what_is_allowed(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage answer = await server.Client.SendAsync(request);

        Assert.Equal((405, "POST"), ((int)answer.StatusCode, string.Join(",", answer.Content.Headers.Allow)));
    }

    [Fact]
    public async Task A_name_has_at_most_255_bytes()
    {
        Assert.Equal(201, (await server.CallAsync("PUT", "/v1/queues/" + new string('n', 255))).Status);
        Assert.Equal((400, "invalidName", "queue"), (await server.CallAsync("PUT", "/v1/queues/" + new string('n', 256))).Problem);
    }

    [Fact]
    public async Task Namespaces_are_apart()
    {
        (string, string) other = ("Messaging-Namespace", "other");
        await server.CallAsync("PUT", "/v1/queues/apart", "{}", other);

        Assert.Equal(404, (await server.CallAsync("GET", "/v1/queues/apart")).Status);
        Answer missing = await server.CallAsync("POST", "/v1/queues/elsewhere/receive", "{}", other);
        Assert.Equal("There is no queue \"elsewhere\" in the namespace \"other\".", missing.Json["detail"]!.GetValue<string>());
        Assert.Equal(200, (await server.CallAsync("GET", "/v1/queues/apart", null as string, other)).Status);
        Assert.Equal((400, "invalidName", "Messaging-Namespace"), (await server.CallAsync("GET", "/v1/queues/apart", null as string, ("Messaging-Namespace", new string('n', 256)))).Problem);
    }

    [Theory]
    [InlineData("""{"leaseSeconds":-1}""", "leaseSeconds")]
    [InlineData("""{"leaseSeconds":43201}""", "leaseSeconds")]
    [InlineData("""{"delaySeconds":31536001}""", "delaySeconds")]
    [InlineData("""{"retentionSeconds":59}""", "retentionSeconds")]
    [InlineData("""{"receiveWaitSeconds":61}""", "receiveWaitSeconds")]
    [InlineData("""{"maxMessageBytes":1023}""", "maxMessageBytes")]
    [InlineData("""{"maxMessageBytes":16777217}""", "maxMessageBytes")]
    [InlineData("""{"tags":{"":"x"}}""", "tags")]
    public async Task A_definition_out_of_range_leaves_the_queue_as_it_was(string definition, string field)
    {
        string queue = await server.CreateQueueAsync("""{"leaseSeconds":77}""");

        Assert.Equal((400, "invalidValue", field), (await server.CallAsync("PUT", queue, definition)).Problem);
        Assert.Equal(77, (await server.CallAsync("GET", queue)).Json["leaseSeconds"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("/v1/queues?pageSize=0", "invalidValue", "pageSize")]
    [InlineData("/v1/queues?pageSize=1001", "invalidValue", "pageSize")]
    [InlineData("/v1/queues?pageSize=x", "invalidValue", "pageSize")]
    [InlineData("/v1/queues?page=1", "unknownField", "page")]
    [InlineData("/v1/queues?prefix=a&prefix=b", "duplicateField", "prefix")]
    [InlineData("/v1/queues?pageToken=%00nonsense", "invalidValue", "pageToken")]
    public async Task A_list_with_a_wrong_query_is_refused(string path, string code, string field) =>
        Assert.Equal((400, code, field), (await server.CallAsync("GET", path)).Problem);

    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "routeNotFound")]
    [InlineData("GET", "/elsewhere", 404, "routeNotFound")]
    [InlineData("POST", "/v1/queues/q", 405, "methodNotAllowed")]
    [InlineData("DELETE", "/v1/queues/q/receive", 405, "methodNotAllowed")]
    public async Task What_is_not_served_is_a_problem_too(string method, string path, int status, string code)
    {
        Answer answer = await server.CallAsync(method, path);

        Assert.Equal((status, code, null), answer.Problem);
        Assert.Equal(status == 405, answer.Response.Content.Headers.Allow.Count > 0);
    }

    [Theory]
    [InlineData("PUT", "/v1/queues/guarded", "Idempotency-Key", "k")]
    [InlineData("GET", "/v1/queues/guarded", "If-Match", "\"1\"")]
    [InlineData("POST", "/v1/queues/guarded/receive", "If-Match", "\"1\"")]
    [InlineData("POST", "/v1/queues/guarded/messages", "If-None-Match", "*")]
    public async Task A_guard_that_is_not_there_yet_is_refused(string method, string path, string header, string value) =>
        Assert.Equal((400, "notSupported", header), (await server.CallAsync(method, path, "{}", (header, value))).Problem);

    [Fact]
    public async Task A_patch_changes_what_it_names_and_null_stands_for_the_default()
    {
        string queue = await server.CreateQueueAsync("""{"leaseSeconds":77,"delaySeconds":5,"tags":{"a":"1","b":"2"}}""");

        Answer patched = await server.CallAsync("PATCH", queue, """{"delaySeconds":null,"retentionSeconds":60,"tags":{"a":null,"c":"3"}}""");

        Assert.Equal(200, patched.Status);
        Assert.Equal((77, 0, 60), (patched.Json["leaseSeconds"]!.GetValue<int>(), patched.Json["delaySeconds"]!.GetValue<int>(), patched.Json["retentionSeconds"]!.GetValue<int>()));
        Assert.Equal("""{"b":"2","c":"3"}""", patched.Json["tags"]!.ToJsonString());
        Assert.Equal(patched.Body, (await server.CallAsync("GET", queue)).Body);
        Assert.Empty((await server.CallAsync("PATCH", queue, """{"tags":null}""")).Json["tags"]!.AsObject());
        Assert.Equal(77, (await server.CallAsync("PATCH", queue, "{}")).Json["leaseSeconds"]!.GetValue<int>());
    }

    [Fact]
    public async Task Annotations_are_kept_as_they_are_and_taken_away_by_a_put_without_them()
    {
        string queue = await server.CreateQueueAsync("""{"annotations":{"aws.Policy":"{\"Version\":\"2012-10-17\"}"}}""");
        Answer patched = await server.CallAsync("PATCH", queue, """{"annotations":{"b":"ü"}}""");
        Assert.Equal(["aws.Policy", "b"], patched.Json["annotations"]!.AsObject().Select(one => one.Key));
        Assert.Equal("""{"Version":"2012-10-17"}""", patched.Json["annotations"]!["aws.Policy"]!.GetValue<string>());
        Assert.Equal(patched.Body, (await server.CallAsync("GET", queue)).Body);
        Assert.Null((await server.CallAsync("PUT", queue, """{"leaseSeconds":5}""")).Json["annotations"]);
        Assert.Equal((400, "invalidValue", "annotations"), (await server.CallAsync("PUT", queue, """{"annotations":{"a\u0001":""}}""")).Problem);
    }

    [Theory]
    [InlineData("{", 400, "malformedJson", null)]
    [InlineData("", 400, "malformedJson", null)]
    [InlineData("[]", 400, "invalidValue", null)]
    [InlineData("""{"leaseSeconds":43201}""", 400, "invalidValue", "leaseSeconds")]
    [InlineData("""{"leaseSeconds":1,"leaseSeconds":2}""", 400, "duplicateField", "leaseSeconds")]
    [InlineData("""{"lease":1}""", 400, "unknownField", "lease")]
    [InlineData("""{"type":"fifo"}""", 409, "immutable", "type")]
    [InlineData("""{"tags":{"":"x"}}""", 400, "invalidValue", "tags")]
    [InlineData("""{"tags":{"a":1}}""", 400, "invalidValue", "tags.a")]
    public async Task A_patch_that_is_wrong_leaves_the_queue_as_it_was(string patch, int status, string code, string? field)
    {
        string queue = await server.CreateQueueAsync("""{"leaseSeconds":77}""");

        Assert.Equal((status, code, field), (await server.CallAsync("PATCH", queue, patch)).Problem);
        Assert.Equal(77, (await server.CallAsync("GET", queue)).Json["leaseSeconds"]!.GetValue<int>());
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("PATCH", "/v1/queues/nobody", "{}")).Problem);
    }

    [Fact]
    public async Task Of_two_who_change_what_they_have_read_one_is_refused()
    {
        string queue = await server.CreateQueueAsync();
        string tag = (await server.CallAsync("GET", queue)).Response.Headers.ETag!.Tag;

        Answer first = await server.CallAsync("PATCH", queue, """{"leaseSeconds":1}""", ("If-Match", tag));
        Assert.Equal(200, first.Status);
        foreach (string method in new[] { "PUT", "PATCH", "DELETE" })
            Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync(method, queue, method == "DELETE" ? null : "{}", ("If-Match", tag))).Problem);
        Assert.Equal(1, (await server.CallAsync("GET", queue)).Json["leaseSeconds"]!.GetValue<int>());

        string next = first.Response.Headers.ETag!.Tag;
        Answer second = await server.CallAsync("PUT", queue, "{}", ("If-Match", $"{tag}, {next}"));
        Assert.Equal(200, second.Status);
        Assert.NotEqual(next, second.Response.Headers.ETag!.Tag);
        Assert.Equal(204, (await server.CallAsync("DELETE", queue, null as string, ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task A_queue_is_only_created_or_only_changed()
    {
        const string Path = "/v1/queues/once";
        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("PUT", Path, "{}", ("If-Match", "*"))).Problem);
        Assert.Equal(201, (await server.CallAsync("PUT", Path, "{}", ("If-None-Match", "*"))).Status);
        Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync("PUT", Path, "{}", ("If-None-Match", "*"))).Problem);
        Assert.Equal(200, (await server.CallAsync("PUT", Path, "{}", ("If-Match", "*"))).Status);
        Assert.Equal(200, (await server.CallAsync("GET", Path, null as string, ("If-None-Match", "\"1\""))).Status);
        foreach (string method in new[] { "PATCH", "DELETE" })
            Assert.Equal((412, "preconditionFailed", null), (await server.CallAsync(method, Path, method == "DELETE" ? null : "{}", ("If-None-Match", "*"))).Problem);
        Assert.Equal((400, "invalidValue", "If-None-Match"), (await server.CallAsync("PUT", Path, "{}", ("If-None-Match", "*"), ("If-Match", "*"))).Problem);
        // What would fail without the precondition says why.
        Assert.Equal((404, "queueNotFound", null), (await server.CallAsync("DELETE", "/v1/queues/nobody", null as string, ("If-Match", "*"))).Problem);
    }

    [Theory]
    [InlineData("If-Match", "7", "invalidValue")]
    [InlineData("If-Match", "\"7\" \"8\"", "invalidValue")]
    [InlineData("If-Match", "\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\",\"14\",\"15\",\"16\",\"17\"", "invalidValue")]
    [InlineData("If-None-Match", "\"7\"", "invalidValue")]
    [InlineData("If-Match", "W/\"7\"", "preconditionFailed")]
    [InlineData("If-Match", "\"someone else's\"", "preconditionFailed")]
    [InlineData("If-Match", "\"99999999999999999999\"", "preconditionFailed")]
    [InlineData("If-Match", "\"-1\"", "preconditionFailed")]
    [InlineData("If-Match", "\"01\"", "preconditionFailed")]
    public async Task A_precondition_that_is_malformed_or_of_another_changes_nothing(string header, string value, string code)
    {
        string queue = await server.CreateQueueAsync("""{"leaseSeconds":77}""");

        Assert.Equal(code, (await server.CallAsync("PUT", queue, "{}", (header, value))).Problem.Code);
        Assert.Equal(77, (await server.CallAsync("GET", queue)).Json["leaseSeconds"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_patch_may_name_its_media_type()
    {
        string queue = await server.CreateQueueAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, queue) { Content = new StringContent("{}", null, "application/merge-patch+json") };
        using HttpResponseMessage answer = await server.Client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal((415, "unsupportedMediaType", "Content-Type"), (await server.CallAsync("PATCH", queue)).Problem);
    }
}

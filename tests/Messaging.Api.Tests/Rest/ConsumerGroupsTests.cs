using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;
using Messaging.TestKit;

namespace Messaging.Api.Tests.Rest;

/// <summary>Consumer groups over HTTP. What they do is tested in Messaging.Broker.Tests; here is what goes over the wire.</summary>
public sealed class ConsumerGroupsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static int _groups;

    [Fact]
    public async Task The_first_call_fetches_and_the_token_commits()
    {
        (string topic, string name) = await TopicAsync();
        await server.CallAsync("POST", topic + "/records", """{"records":[{"key":"k","body":"a"},{"body":"b"}]}""");
        string group = NewGroup();

        Answer fetched = await FetchAsync(group, name);
        Assert.Equal(200, fetched.Status);
        JsonArray records = fetched.Json["records"]!.AsArray();
        Assert.Equal([(name, 0, 0, "a"), (name, 0, 1, "b")], records.Select(record => (
            record!["topic"]!.GetValue<string>(), record["partition"]!.GetValue<int>(), record["offset"]!.GetValue<int>(), record["body"]!.GetValue<string>())));
        Assert.Equal("k", records[0]!["key"]!.GetValue<string>());
        Assert.NotNull(fetched.Json["leasedUntil"]);
        string commit = $$"""{"token":"{{fetched.Json["commitToken"]}}"}""";

        Assert.Equal("""{"records":[]}""", (await FetchAsync(group, name)).Body);
        Assert.Equal(204, (await server.CallAsync("POST", group + "/commit", commit)).Status);
        Assert.Equal(204, (await server.CallAsync("POST", group + "/commit", commit)).Status);
        JsonNode offset = Assert.Single((await server.CallAsync("GET", group + "/offsets?topic=" + name)).Json["offsets"]!.AsArray())!;
        Assert.Equal((2, 2, 0), (offset["offset"]!.GetValue<int>(), offset["highWatermark"]!.GetValue<int>(), offset["lag"]!.GetValue<int>()));
        Assert.Equal((400, "commitTokenInvalid", "token"), (await server.CallAsync("POST", NewGroup() + "/commit", commit.Replace("\"}", "A\"}", StringComparison.Ordinal))).Problem);
    }

    [Fact]
    public async Task A_fetch_waits_for_a_record()
    {
        (string topic, string name) = await TopicAsync();
        Task<Answer> waiting = FetchAsync(NewGroup(), name, ",\"waitSeconds\":20");

        await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"}]}""");

        Assert.Single((await waiting).Json["records"]!.AsArray());
    }

    [Fact]
    public async Task What_a_page_does_not_have_its_token_does_not_commit()
    {
        (string topic, string name) = await TopicAsync();
        await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a"},{"body":"b"}]}""");
        string group = NewGroup();

        Answer first = await FetchAsync(group, name, ",\"max\":1");
        await server.CallAsync("POST", group + "/commit", $$"""{"token":"{{first.Json["commitToken"]}}"}""");

        Assert.Equal("b", Assert.Single((await FetchAsync(group, name)).Json["records"]!.AsArray())!["body"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_partition_that_can_t_be_read_is_told_when_no_other_has_records_and_is_not_kept()
    {
        (string topic, string name) = await TopicAsync(partitions: 2);
        string damaged = $"damaged of {name}";
        await server.CallAsync("POST", topic + "/records", $$"""{"records":[{"body":"{{damaged}}","partition":0},{"body":"good","partition":1}]}""");
        DamagedMedium.Change(server.Folder, damaged);
        string group = NewGroup();

        Answer first = await FetchAsync(group, name);
        await server.CallAsync("POST", group + "/commit", $$"""{"token":"{{first.Json["commitToken"]}}"}""");

        Assert.Equal("good", Assert.Single(first.Json["records"]!.AsArray())!["body"]!.GetValue<string>());
        for (int i = 0; i < 2; i++)
        {
            Answer refused = await FetchAsync(group, name);
            Assert.Equal((500, "messageDamaged", null), refused.Problem);
            Assert.Contains($"\"{name}\", partition 0", refused.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Members_share_partitions_and_give_them_up_by_heartbeats()
    {
        (_, string name) = await TopicAsync(partitions: 2);
        string group = NewGroup();
        JsonNode first = (await JoinAsync(group, name)).Json;
        Assert.Equal((2, true, 45), (first["assigned"]!.AsArray().Count, first["settled"]!.GetValue<bool>(), first["sessionSeconds"]!.GetValue<int>()));
        JsonNode second = (await JoinAsync(group, name)).Json;
        Assert.Empty(second["assigned"]!.AsArray());

        JsonNode asked = (await BeatAsync(group, first)).Json;
        Assert.Single(asked["revoked"]!.AsArray());
        JsonNode gave = (await BeatAsync(group, asked, asked["assigned"]!)).Json;
        JsonNode got = (await BeatAsync(group, second)).Json;
        Assert.Single(gave["assigned"]!.AsArray());
        Assert.Single(got["assigned"]!.AsArray());

        JsonNode described = (await server.CallAsync("GET", group)).Json;
        Assert.Equal(("stable", 2, 2), (described["status"]!.GetValue<string>(), described["members"]!.AsArray().Count, described["offsets"]!.AsArray().Count));
        Assert.Equal((409, "groupNotEmpty", null), (await server.CallAsync("DELETE", group)).Problem);
        foreach (JsonNode member in new[] { gave, got }) Assert.Equal(204, (await server.CallAsync("DELETE", $"{group}/members/{member["memberId"]}")).Status);
        Assert.Equal(204, (await server.CallAsync("DELETE", group)).Status);
        Assert.Equal((404, "groupNotFound", null), (await server.CallAsync("GET", group)).Problem);
    }

    [Fact]
    public async Task A_member_commits_in_its_generation_and_each_offset_has_its_result()
    {
        (string topic, string name) = await TopicAsync();
        await server.CallAsync("POST", topic + "/partitions/0/records", """{"records":[{"body":"a"},{"body":"b"},{"body":"c"}]}""");
        string group = NewGroup();
        JsonNode member = (await JoinAsync(group, name)).Json;
        Answer beyond = await server.CallAsync(
            "POST", group + "/commit", $$"""{"offsets":[{"topic":"{{name}}","partition":0,"offset":4}],"memberId":"{{member["memberId"]}}","generation":{{member["generation"]}}}""");
        Assert.Equal((416, "offsetOutOfRange", "offsets[0].offset"), beyond.Problem);
        string offsets = $$"""[{"topic":"{{name}}","partition":0,"offset":3,"metadata":"m","leaderEpoch":1},{"topic":"{{name}}","partition":7,"offset":1}]""";

        Answer done = await server.CallAsync("POST", group + "/commit", $$"""{"offsets":{{offsets}},"memberId":"{{member["memberId"]}}","generation":{{member["generation"]}}}""");
        Assert.Equal(207, done.Status);
        Assert.Equal("offsets[1].partition", done.Json["results"]![1]!["error"]!["field"]!.GetValue<string>());
        Answer stale = await server.CallAsync("POST", group + "/commit", $$"""{"offsets":{{offsets}},"memberId":"{{member["memberId"]}}","generation":9}""");
        Assert.Equal((409, "staleGeneration", null), stale.Problem);
        Assert.Equal((404, "unknownMember", null), (await server.CallAsync("POST", group + "/commit", $$"""{"offsets":{{offsets}}}""")).Problem);
        JsonNode offset = Assert.Single((await server.CallAsync("GET", group + "/offsets")).Json["offsets"]!.AsArray())!;
        Assert.Equal((3, "m", 1), (offset["offset"]!.GetValue<int>(), offset["metadata"]!.GetValue<string>(), offset["leaderEpoch"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_static_member_comes_back_and_fences_its_former_self()
    {
        (_, string name) = await TopicAsync();
        string group = NewGroup();
        JsonNode before = (await JoinAsync(group, name, ",\"instanceId\":\"one\",\"strategy\":\"range\",\"protocol\":\"eager\"")).Json;
        JsonNode after = (await JoinAsync(group, name, ",\"instanceId\":\"one\"")).Json;

        Assert.Equal(before["assigned"]!.ToJsonString(), after["assigned"]!.ToJsonString());
        Assert.Equal((409, "fencedInstance", null), (await BeatAsync(group, before)).Problem);
        Assert.Equal(204, (await server.CallAsync("DELETE", $"{group}/members/{after["memberId"]}?instanceId=one")).Status);
    }

    [Fact]
    public async Task Offsets_are_set_and_reset()
    {
        (string topic, string name) = await TopicAsync();
        await server.CallAsync("POST", topic + "/records", """{"records":[{"body":"a","timestamp":"2026-01-31T09:00:00Z"},{"body":"b","timestamp":"2026-01-31T10:00:00Z"}]}""");
        string group = NewGroup();

        Assert.Equal(204, (await server.CallAsync("PUT", group + "/offsets", $$"""{"offsets":[{"topic":"{{name}}","partition":0,"offset":1}]}""")).Status);
        Answer beyond = await server.CallAsync("PUT", group + "/offsets", $$"""{"offsets":[{"topic":"{{name}}","partition":0,"offset":3}]}""");
        Assert.Equal((416, "offsetOutOfRange", "offsets[0].offset"), beyond.Problem);
        Assert.Equal(0, await ResetAsync(group, """{"to":"earliest"}"""));
        Assert.Equal(2, await ResetAsync(group, """{"to":"latest"}"""));
        Assert.Equal(1, await ResetAsync(group, $$"""{"to":"2026-01-31T09:30:00Z","topics":[{"topic":"{{name}}"}]}"""));
        Assert.Equal(0, await ResetAsync(group, $$"""{"to":0,"topics":[{"topic":"{{name}}","partition":0}]}"""));
        Assert.Equal(2, (await FetchAsync(group, name)).Json["records"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_was_fetched_is_given_back_and_what_was_committed_is_forgotten()
    {
        (string topic, string name) = await TopicAsync(partitions: 2);
        await server.CallAsync("POST", topic + "/partitions/0/records", """{"records":[{"body":"a"}]}""");
        await server.CallAsync("POST", topic + "/partitions/1/records", """{"records":[{"body":"b"}]}""");
        string group = NewGroup();
        string token = (await FetchAsync(group, name)).Json["commitToken"]!.GetValue<string>();
        Assert.Equal("""{"records":[]}""", (await FetchAsync(group, name)).Body);

        Assert.Equal(204, (await server.CallAsync("POST", group + "/release", $$"""{"token":"{{token}}"}""")).Status);
        Assert.Equal(204, (await server.CallAsync("POST", group + "/release", $$"""{"token":"{{token}}"}""")).Status);
        Answer again = await FetchAsync(group, name);
        Assert.Equal(2, again.Json["records"]!.AsArray().Count);
        Assert.Equal(204, (await server.CallAsync("POST", group + "/commit", $$"""{"token":"{{again.Json["commitToken"]}}"}""")).Status);

        Assert.Equal(204, (await server.CallAsync("DELETE", $"{group}/offsets?topic={name}&partition=1")).Status);
        Assert.Equal("b", Assert.Single((await FetchAsync(group, name)).Json["records"]!.AsArray())!["body"]!.GetValue<string>());
        Assert.Equal(204, (await server.CallAsync("DELETE", $"{group}/offsets?topic={name}")).Status);
        Assert.Equal(204, (await server.CallAsync("DELETE", $"{group}/offsets?topic={name}")).Status);
        Assert.Equal(2, (await FetchAsync(group, name)).Json["records"]!.AsArray().Count);
        Assert.Equal((404, "partitionNotFound", "partition"), (await server.CallAsync("DELETE", $"{group}/offsets?topic={name}&partition=2")).Problem);
    }

    [Fact]
    public async Task A_static_member_is_sent_away_and_offsets_of_members_stay()
    {
        (string _, string name) = await TopicAsync();
        string group = NewGroup();
        JsonNode member = (await JoinAsync(group, name, ",\"instanceId\":\"worker-1\"")).Json;
        Assert.Equal((409, "groupHasMembers", null), (await server.CallAsync("DELETE", $"{group}/offsets?topic={name}")).Problem);

        Assert.Equal((404, "unknownMember"), Short((await server.CallAsync("DELETE", group + "/members?instanceId=worker-2")).Problem));
        Assert.Equal(204, (await server.CallAsync("DELETE", group + "/members?instanceId=worker-1")).Status);
        Assert.Equal((404, "unknownMember"), Short((await BeatAsync(group, member)).Problem));

        static (int, string?) Short((int Status, string? Code, string? Field) problem) => (problem.Status, problem.Code);
    }

    [Fact]
    public async Task Groups_are_listed_in_order_a_page_at_a_time()
    {
        (string Name, string Value) space = ("Messaging-Namespace", "groups-listed");
        Assert.Equal(201, (await server.CallAsync("PUT", "/v1/topics/t", "{}", space)).Status);
        foreach (string name in new[] { "b", "a", "c" })
            Assert.Equal(204, (await server.CallAsync("PUT", $"/v1/groups/{name}/offsets", """{"offsets":[{"topic":"t","partition":0,"offset":0}]}""", space)).Status);

        JsonNode first = (await server.CallAsync("GET", "/v1/groups?pageSize=2", headers: space)).Json;
        Assert.Equal(["a", "b"], first["groups"]!.AsArray().Select(group => group!["name"]!.GetValue<string>()));
        JsonNode second = (await server.CallAsync("GET", "/v1/groups?pageSize=2&pageToken=" + first["nextPageToken"], headers: space)).Json;
        Assert.Equal(["c"], second["groups"]!.AsArray().Select(group => group!["name"]!.GetValue<string>()));
        Assert.Equal("empty", second["groups"]![0]!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("POST", "/members", "{}", 400, "missingField", "topics")]
    [InlineData("POST", "/members", """{"topics":"t"}""", 400, "invalidValue", "topics")]
    [InlineData("POST", "/members", """{"topics":[]}""", 400, "invalidValue", "topics")]
    [InlineData("POST", "/members", """{"topics":[""]}""", 400, "invalidName", "topics[0]")]
    [InlineData("POST", "/members", """{"topics":["t"],"sessionSeconds":5}""", 400, "invalidValue", "sessionSeconds")]
    [InlineData("POST", "/members", """{"topics":["t"],"protocol":"lazy"}""", 400, "invalidValue", "protocol")]
    [InlineData("POST", "/members", """{"topics":["t"],"strategy":"random"}""", 400, "invalidValue", "strategy")]
    [InlineData("POST", "/members", """{"topics":["t"],"memberId":"x"}""", 404, "unknownMember", "memberId")]
    [InlineData("POST", "/members", """{"topics":["t"],"owned":[{"topic":"t"}]}""", 400, "missingField", "owned[0].partition")]
    [InlineData("POST", "/members", """{"topics":["t"],"topic":"t"}""", 400, "unknownField", "topic")]
    [InlineData("POST", "/members/x/heartbeat", """{"generation":1}""", 404, "unknownMember", "member")]
    [InlineData("POST", "/members/zzTgqV0kSiq5mJcX2q3M9w/heartbeat", "{}", 400, "missingField", "generation")]
    [InlineData("POST", "/members/zzTgqV0kSiq5mJcX2q3M9w/heartbeat", """{"generation":-1}""", 400, "invalidValue", "generation")]
    [InlineData("POST", "/members/zzTgqV0kSiq5mJcX2q3M9w/heartbeat", """{"generation":1}""", 404, "groupNotFound", null)]
    [InlineData("DELETE", "/members/x", null, 404, "unknownMember", "member")]
    [InlineData("POST", "/fetch", "{}", 400, "missingField", "topics")]
    [InlineData("POST", "/fetch", """{"topics":["nobody"]}""", 404, "topicNotFound", "topics[0]")]
    [InlineData("POST", "/fetch", """{"topics":["t","t"]}""", 400, "invalidValue", "topics")]
    [InlineData("POST", "/fetch", """{"topics":["t"],"max":0}""", 400, "invalidValue", "max")]
    [InlineData("POST", "/fetch", """{"topics":["t"],"max":1001}""", 400, "invalidValue", "max")]
    [InlineData("POST", "/fetch", """{"topics":["t"],"maxBytes":0}""", 400, "invalidValue", "maxBytes")]
    [InlineData("POST", "/fetch", """{"topics":["t"],"waitSeconds":21}""", 400, "invalidValue", "waitSeconds")]
    [InlineData("POST", "/fetch", """{"topics":["t"],"leaseSeconds":0}""", 400, "invalidValue", "leaseSeconds")]
    [InlineData("POST", "/fetch", """{"topics":["t"],"start":"middle"}""", 400, "invalidValue", "start")]
    [InlineData("POST", "/fetch", """{"topics":["t"],"isolation":"all"}""", 400, "invalidValue", "isolation")]
    [InlineData("POST", "/fetch?encoding=hex", """{"topics":["t"]}""", 400, "invalidValue", "encoding")]
    [InlineData("POST", "/commit", "{}", 400, "missingField", "offsets")]
    [InlineData("POST", "/commit", """{"token":"forged"}""", 400, "commitTokenInvalid", "token")]
    [InlineData("POST", "/commit", """{"offsets":[]}""", 400, "batchEmpty", "offsets")]
    [InlineData("POST", "/commit", """{"offsets":[{"topic":"t","partition":0}]}""", 400, "missingField", "offsets[0].offset")]
    [InlineData("POST", "/commit", """{"offsets":[{"topic":"t","partition":0,"offset":-1}]}""", 400, "invalidValue", "offsets[0].offset")]
    [InlineData("POST", "/commit", """{"offsets":[{"topic":"nobody","partition":0,"offset":1}]}""", 404, "topicNotFound", "offsets[0].topic")]
    [InlineData("POST", "/commit", """{"offsets":[{"topic":"t","partition":0,"offset":1}],"generation":1}""", 400, "missingField", "memberId")]
    [InlineData("PUT", "/offsets", "{}", 400, "missingField", "offsets")]
    [InlineData("PUT", "/offsets", """{"offsets":[]}""", 400, "batchEmpty", "offsets")]
    [InlineData("PUT", "/offsets", """{"offsets":[{"topic":"nobody","partition":0,"offset":1}]}""", 404, "topicNotFound", "offsets[0].topic")]
    [InlineData("DELETE", "/members", null, 400, "missingField", "instanceId")]
    [InlineData("DELETE", "/members?instanceId=", null, 400, "missingField", "instanceId")]
    [InlineData("DELETE", "/members?instanceId=a", null, 404, "groupNotFound", null)]
    [InlineData("POST", "/release", "{}", 400, "missingField", "token")]
    [InlineData("POST", "/release", """{"token":"forged"}""", 400, "commitTokenInvalid", "token")]
    [InlineData("POST", "/release", """{"offsets":[]}""", 400, "unknownField", "offsets")]
    [InlineData("DELETE", "/offsets", null, 400, "missingField", "topic")]
    [InlineData("DELETE", "/offsets?topic=", null, 400, "invalidName", "topic")]
    [InlineData("DELETE", "/offsets?topic=t&partition=-1", null, 400, "invalidValue", "partition")]
    [InlineData("DELETE", "/offsets?topic=t&topic=u", null, 400, "duplicateField", "topic")]
    [InlineData("DELETE", "/offsets?topic=t", null, 404, "groupNotFound", null)]
    [InlineData("GET", "/offsets", null, 404, "groupNotFound", null)]
    [InlineData("GET", "/offsets?topics=t", null, 400, "unknownField", "topics")]
    [InlineData("POST", "/reset", "{}", 400, "missingField", "to")]
    [InlineData("POST", "/reset", """{"to":"noon"}""", 400, "invalidValue", "to")]
    [InlineData("POST", "/reset", """{"to":5}""", 400, "missingField", "topics")]
    [InlineData("POST", "/reset", """{"to":"earliest"}""", 404, "groupNotFound", null)]
    [InlineData("DELETE", "", null, 404, "groupNotFound", null)]
    public async Task A_wrong_call_has_its_exact_problem_and_makes_no_group(string method, string path, string? json, int status, string code, string? field)
    {
        string group = NewGroup();

        Assert.Equal((status, code, field), (await server.CallAsync(method, group + path, json)).Problem);

        Assert.Equal((404, "groupNotFound", null), (await server.CallAsync("GET", group)).Problem);
    }

    private static string NewGroup() => $"/v1/groups/g{Interlocked.Increment(ref _groups)}";

    private async Task<(string Path, string Name)> TopicAsync(int partitions = 1)
    {
        string topic = await server.CreateTopicAsync($$"""{"partitions":{{partitions}},"retentionSeconds":null}""");
        return (topic, topic["/v1/topics/".Length..]);
    }

    private Task<Answer> FetchAsync(string group, string topic, string more = "") => server.CallAsync("POST", group + "/fetch", $$"""{"topics":["{{topic}}"]{{more}}}""");

    private Task<Answer> JoinAsync(string group, string topic, string more = "") => server.CallAsync("POST", group + "/members", $$"""{"topics":["{{topic}}"]{{more}}}""");

    private Task<Answer> BeatAsync(string group, JsonNode member, JsonNode? owned = null)
    {
        string shown = owned is null ? "" : $",\"owned\":{owned.ToJsonString()}";
        return server.CallAsync("POST", $"{group}/members/{member["memberId"]}/heartbeat", $$"""{"generation":{{member["generation"]}}{{shown}}}""");
    }

    private async Task<int> ResetAsync(string group, string json)
    {
        Answer reset = await server.CallAsync("POST", group + "/reset", json);
        Assert.Equal(200, reset.Status);
        return Assert.Single(reset.Json["offsets"]!.AsArray())!["offset"]!.GetValue<int>();
    }
}

using System.Net;
using System.Text;
using Messaging.TestKit;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Hosting;

/// <summary>
/// What the image holds, as the root of a process without any container tool: a library that is missing there is missing here. Built once for the
/// class, which takes some twenty seconds of two cores.
/// </summary>
[Collection(nameof(StartTests))]
public sealed class ContainerTests(BuiltContainer container) : IClassFixture<BuiltContainer>
{
    // The image listens on all addresses, at 8080 and 8081; a test takes free ports of this machine.
    private const string Address = "Kestrel__Endpoints__Http__Url=http://127.0.0.1:0", GrpcAddress = "Kestrel__Endpoints__Grpc__Url=http://127.0.0.1:0";
    private const string Open = "Messaging__Auth__AllowOpenBeyondLoopback=true";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [RequiresFact("root", "unshare")]
    public async Task Without_a_setting_it_does_not_start_and_says_in_one_line_what_to_set()
    {
        await using ServerProcess process = ServerProcess.Launch(container.Image.Start());

        Assert.Equal(2, await process.ExitAsync(Patience));
        string line = Assert.Single(process.Errors.Trim().Split('\n'));
        Assert.Contains("Messaging:Auth:Mode=Closed", line, StringComparison.Ordinal);
        Assert.Contains("Messaging:Auth:AllowOpenBeyondLoopback=true", line, StringComparison.Ordinal);
    }

    [RequiresFact("root", "unshare")]
    public async Task Closed_it_lets_in_who_has_the_key_of_its_environment()
    {
        container.Image.EmptyVolume();
        string[] closed = ["Messaging__Auth__Mode=Closed", "Messaging__Auth__AccessKeyId=container_key_000001", "Messaging__Auth__SecretAccessKey=a-secret-of-some-length"];
        await using ServerProcess process = await ServerProcess.StartAsync(container.Image.Start([Address, GrpcAddress, .. closed]));
        using var client = new HttpClient { BaseAddress = process.Address };

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PutAsync("/v1/queues/q", null)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("container_key_000001:a-secret-of-some-length")));
        Assert.Equal(HttpStatusCode.Created, (await client.PutAsync("/v1/queues/q", null)).StatusCode);
    }

    [RequiresFact("root", "unshare")]
    public async Task A_message_goes_in_and_out_and_is_still_there_in_the_next_container()
    {
        container.Image.EmptyVolume();
        await using (ServerProcess process = await ServerProcess.StartAsync(container.Image.Start(Address, GrpcAddress, Open)))
        {
            using var client = new HttpClient { BaseAddress = process.Address };
            Assert.Equal(HttpStatusCode.Created, (await client.PutAsync("/v1/queues/q", null)).StatusCode);
            await PostAsync(client, "/v1/queues/q/messages", """{"messages":[{"body":"first"},{"body":"second"}]}""");
            Assert.Contains("\"first\"", await PostAsync(client, "/v1/queues/q/receive", """{"max":1}"""), StringComparison.Ordinal);
            process.Terminate();
            Assert.Equal((0, ""), (await process.ExitAsync(Patience), process.Errors));
        }

        await using ServerProcess again = await ServerProcess.StartAsync(container.Image.Start(Address, GrpcAddress, Open));
        using var laterClient = new HttpClient { BaseAddress = again.Address };
        Assert.Contains("\"second\"", await PostAsync(laterClient, "/v1/queues/q/receive", """{"max":10}"""), StringComparison.Ordinal);
    }

    [RequiresFact("root", "unshare")]
    public async Task It_is_ready_within_a_second_of_its_start()
    {
        TimeSpan fastest = await StartTests.FastestAsync(() =>
        {
            container.Image.EmptyVolume();
            return container.Image.Start(Address, GrpcAddress, Open);
        });

        Assert.InRange(fastest, TimeSpan.Zero, StartTests.Demand);
    }

    [RequiresFact("root", "unshare")]
    public void Nothing_but_tmp_can_be_written_by_everyone()
    {
        var found = Directory.EnumerateFileSystemEntries(container.Image.Root, "*", SearchOption.AllDirectories)
            .Where(entry => new FileInfo(entry).UnixFileMode.HasFlag(UnixFileMode.OtherWrite));

        Assert.Equal([Path.Combine(container.Image.Root, "tmp")], found);
    }

    [RequiresFact("root", "unshare")]
    public async Task What_the_server_loads_by_name_is_there_with_all_that_it_needs_itself()
    {
        string loader = Assert.Single(Directory.GetFiles(container.Image.Root, "ld-linux-x86-64.so.2", SearchOption.AllDirectories));
        foreach (string name in new[] { "libssl.so.3", "libcrypto.so.3", "liblz4.so.1", "libzstd.so.1" })
        {
            string library = Assert.Single(Directory.GetFiles(container.Image.Root, name, SearchOption.AllDirectories));
            await Tool.RunAsync("chroot", container.Image.Root, Inside(loader), "--list", Inside(library));
        }

        string Inside(string file) => "/" + Path.GetRelativePath(container.Image.Root, file);
    }

    [RequiresFact("root", "unshare")]
    public void There_is_no_shell_and_no_program_but_the_server()
    {
        var programs = Directory.EnumerateFiles(container.Image.Root, "*", SearchOption.AllDirectories)
            .Where(file => !file.Contains(".so", StringComparison.Ordinal) && !file.EndsWith(".dll", StringComparison.Ordinal))
            .Where(file => new FileInfo(file).UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            .Select(file => Path.GetRelativePath(container.Image.Root, file));

        // The second one writes the dump of a server that crashed, where the runtime's settings ask for one.
        Assert.Equal(["app/Messaging.Api", "app/createdump"], programs.Order(StringComparer.Ordinal));
    }

    private static async Task<string> PostAsync(HttpClient client, string path, string json)
    {
        using HttpResponseMessage answer = await client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}

/// <summary>The image, built where its tests can run.</summary>
public sealed class BuiltContainer : IAsyncLifetime
{
    private ContainerImage? _image;

    internal ContainerImage Image => _image!;

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot("root", "unshare") is null)
            _image = await ContainerImage.BuildAsync();
    }

    public Task DisposeAsync()
    {
        _image?.Dispose();
        return Task.CompletedTask;
    }
}

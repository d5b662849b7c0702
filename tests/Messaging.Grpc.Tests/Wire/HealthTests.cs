using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>What tools look for on every gRPC server: grpc.health.v1 and reflection.</summary>
public sealed class HealthTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Theory]
    [InlineData("")]
    [InlineData("messaging.v1.QueueService")]
    public async Task The_server_and_its_services_serve(string service) =>
        Assert.Equal(ServingStatus.Serving, (await new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest { Service = service })).Status);

    [Fact]
    public async Task A_service_that_is_not_there_is_not_found() =>
        Assert.Equal(StatusCode.NotFound, (await Refused.ByAsync(new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest { Service = "nobody" }))).Status);

    [Fact]
    public async Task Who_watches_is_told_and_released_when_the_server_stops()
    {
        await using GrpcServer own = await GrpcServer.StartAsync();
        using var watch = new Health.HealthClient(own.Channel).Watch(new HealthCheckRequest());
        // It may begin before the data is recovered.
        do Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        while (watch.ResponseStream.Current.Status == ServingStatus.NotServing);
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);

        Task<Refused> reading = Refused.ByAsync(watch.ResponseStream.MoveNext(CancellationToken.None));
        Task stopping = own.Server.StopAsync();

        Assert.Equal(StatusCode.Unavailable, (await reading).Status);
        await stopping;
    }

    [Fact]
    public async Task Who_asks_a_server_that_begins_to_stop_is_told_that_it_does_not_serve()
    {
        await using GrpcServer own = await GrpcServer.StartAsync();
        await own.CreateQueueAsync();

        // As a signal does, which only then stops the rest.
        own.Server.Lifetime.StopApplication();

        Assert.Equal(ServingStatus.NotServing, (await new Health.HealthClient(own.Channel).CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task Reflection_is_there_by_its_newer_name_too()
    {
        using var call = new global::Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new global::Grpc.Reflection.V1.ServerReflectionRequest { FileContainingSymbol = "messaging.v1.QueueService" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await call.RequestStream.CompleteAsync();

        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task Reflection_lists_every_service_of_the_contract()
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await call.RequestStream.CompleteAsync();

        string[] served = [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];
        IEnumerable<string> documented = Directory.EnumerateFiles(Path.Combine(TestKit.Contracts.SourceTree.Root, "api/proto/messaging/v1"), "*_service.proto")
            .SelectMany(File.ReadLines).Where(line => line.StartsWith("service ", StringComparison.Ordinal)).Select(line => "messaging.v1." + line.Split(' ')[1]);
        Assert.Subset(served.ToHashSet(), documented.Append("grpc.health.v1.Health").ToHashSet());
        Assert.All(documented, name => Assert.Equal(ServingStatus.Serving, new Health.HealthClient(server.Channel).Check(new HealthCheckRequest { Service = name }).Status));
    }
}

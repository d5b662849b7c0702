using Messaging.V1;

namespace Messaging.Grpc.Tests.Calls;

/// <summary>Which fields a patch without a mask changes, where that is not plain to see.</summary>
public sealed class PatchTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task An_object_of_which_nothing_is_set_is_set_itself()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { Retry = new Retry { MinSeconds = 5, MaxSeconds = 50 } });

        QueueDefinition patched = (await server.Queues.PatchQueueAsync(new PatchQueueRequest { Queue = queue, Definition = new QueueDefinition { Retry = new Retry() } })).Queue.Definition;
        QueueDefinition put = (await server.Queues.PutQueueAsync(new PutQueueRequest { Queue = GrpcServer.NewName(), Definition = new QueueDefinition { Retry = new Retry() } })).Queue.Definition;

        Assert.NotNull(patched.Retry);
        Assert.Equal(put.Retry, patched.Retry);
    }
}

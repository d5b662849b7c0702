using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Messaging.Api.Tests.Hosting;

/// <summary>Limits of Kestrel's that are as it has them, and that others are reckoned from.</summary>
public sealed class KestrelListenerTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public void Clients_that_do_not_read_have_a_least_rate_to_keep_and_a_buffer_of_64_KiB_on_their_connection()
    {
        KestrelServerLimits limits = server.Server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal((240, TimeSpan.FromSeconds(5)), (limits.MinResponseDataRate?.BytesPerSecond, limits.MinResponseDataRate?.GracePeriod));
        Assert.Equal((240, TimeSpan.FromSeconds(5)), (limits.MinRequestBodyDataRate?.BytesPerSecond, limits.MinRequestBodyDataRate?.GracePeriod));
        Assert.Equal(64 * 1024, server.Server.Services.GetRequiredService<IOptions<SocketTransportOptions>>().Value.MaxWriteBufferSize);
        Assert.Equal(1_000, limits.Http2.MaxStreamsPerConnection);
    }
}

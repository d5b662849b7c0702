using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Operations;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Tests.Operations;

public sealed class ResetServerTests
{
    [Theory]
    [InlineData(false, 403, "forbidden")]
    [InlineData(true, 503, "starting")]
    public async Task A_server_that_is_not_open_is_not_reset(bool isOpen, int status, string code)
    {
        var operation = new ResetServer(new Front(new BrokerGate(), new BufferBudgets(long.MaxValue), TimeProvider.System), isOpen);
        Problem? refused = await operation.InvokeAsync(new DefaultHttpContext());
        Assert.Equal((status, code), (refused!.Kind.Status, refused.Kind.Code));
    }
}

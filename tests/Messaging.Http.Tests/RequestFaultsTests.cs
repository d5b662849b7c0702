using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Messaging.Http.Tests;

public sealed class RequestFaultsTests
{
    public static TheoryData<Exception, RequestFault> Faults { get; } = new()
    {
        { new BadHttpRequestException("slow", StatusCodes.Status408RequestTimeout), RequestFault.TooSlow },
        { new BadHttpRequestException("bad"), RequestFault.Broken },
        // Kestrel's word for a chunk whose size does not fit into a number.
        { new IOException("Bad chunk size data", new OverflowException()), RequestFault.Broken },
        { new ConnectionResetException("gone"), RequestFault.Gone },
        { new IOException("disk"), RequestFault.Internal },
        { new InvalidOperationException("bug"), RequestFault.Internal },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_a_client_has_caused_is_no_fault_of_ours(Exception exception, RequestFault fault) =>
        Assert.Equal(fault, RequestFaults.Judge(new DefaultHttpContext(), exception));
}

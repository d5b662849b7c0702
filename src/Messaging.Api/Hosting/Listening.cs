using Messaging.Api.Configuration;

namespace Messaging.Api.Hosting;

/// <summary>Where the server listens, as it says so: what speaks HTTP/1.1 first, and beside it the addresses that speak nothing but HTTP/2, for gRPC.</summary>
internal static class Listening
{
    private const string Grpc = " (gRPC)";

    /// <param name="configuration">Its endpoints are in the order of their names, as Kestrel binds them.</param>
    /// <param name="addresses">Those that were bound, ports filled in.</param>
    public static string At(IConfiguration configuration, IEnumerable<string> addresses)
    {
        bool[] isGrpc = [.. KestrelAddresses.AreGrpcOnly(configuration)];
        string[] bound = [.. addresses];
        if (isGrpc.Length != bound.Length)
            return string.Join(", ", bound);
        IEnumerable<string> Of(bool wanted) => bound.Where((_, index) => isGrpc[index] == wanted);
        return string.Join(", ", Of(false).Concat(Of(true).Select(static address => address + Grpc)));
    }
}

using Messaging.TestKit;
using Messaging.TestKit.Contracts;

namespace Messaging.Contract.Tests;

/// <summary>docs/rest.md works as it stands, and leaves no operation out.</summary>
public sealed class CurlPageTests
{
    [RequiresFact("bash", "curl", "python3")]
    public async Task Every_call_of_the_page_succeeds_and_every_operation_is_called()
    {
        await using ContractServer server = await ContractServer.StartOpenAsync();

        (ProgramRun run, IReadOnlyList<CurlCall> calls) = await CurlPage.RunAsync(server.Endpoint, server.Folder);

        AssertNothing.In(calls.Select(call => call.Judge()));
        // Of python3 too, and of bash where a variable is not there.
        Assert.True(run is { ExitCode: 0, Errors: "" }, run.ToString());
        AssertNothing.In(OpenApiContract.Current.Operations.Except(calls.Select(call => call.Operation).OfType<string>()));
    }
}

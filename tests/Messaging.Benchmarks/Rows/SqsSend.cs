using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Durable SendMessages of 1 KiB by Amazon SQS's JSON protocol on 64 connections, against <see cref="BareEndpoint"/> that parses the same requests: a server in open mode, its CPU time per request, and one in closed mode
/// that verifies every signature.
/// </summary>
internal sealed class SqsSend : IRow
{
    private const string Queue = "sends";

    public string Name => "sqs-send";

    public string Summary => "durable SendMessages of 1 KiB by SQS's JSON protocol on 64 connections, open and signed, rate and CPU, against a bare Kestrel endpoint";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using BareEndpointProcess bare = await BareEndpointProcess.StartAsync();
        using (ServerProcess server = await ServerProcess.StartAsync(data.New("open")))
        {
            await SqsQueues.CreateAsync(server, Queue);
            Paired paired = await RunAsync(options, server, bare, signed: false);
            yield return paired.Ratio(Name + "/open", Goal.AtLeast(0.5, 0.7), "sends/s", sample => sample.Rate);
            yield return paired.Ratio(Name + "/cpu", Goal.AtMost(2.2, 1.6), "us/send", sample => sample.CpuMicroseconds);
            await server.StopAsync();
        }

        using ServerProcess closed = await ServerProcess.StartAsync(
            data.New("closed"), "--Messaging:Auth:Mode=Closed", $"--Messaging:Auth:AccessKeyId={SqsRequest.AccessKeyId}",
            $"--Messaging:Auth:SecretAccessKey={SqsRequest.SecretAccessKey}", $"--Messaging:Auth:Account={SqsRequest.Account}");
        using (var create = new HttpLoad(closed.Port, 1, _ => new SendScript(SqsRequest.Of("CreateQueue", $$"""{"QueueName":"{{Queue}}"}""", signed: true), 1)))
        {
            await create.RunAsync(seconds: 0);
        }

        Paired signed = await RunAsync(options, closed, bare, signed: true);
        yield return signed.Ratio(Name + "/signed", Goal.AtLeast(0.42, 0.6), "sends/s", sample => sample.Rate);
        await closed.StopAsync();
    }

    private static async Task<Paired> RunAsync(RunOptions options, ServerProcess server, BareEndpointProcess bare, bool signed)
    {
        byte[] request = SqsRequest.Send(Queue, RestSend.BodyBytes, signed);
        using var toServer = new HttpLoad(server.Port, RestSend.Connections, _ => new SendScript(request, 1));
        using var toBare = new HttpLoad(bare.Port, RestSend.Connections, _ => new SendScript(request, 1));
        return await Paired.RunAsync(
            options.Pairs,
            ("server", seconds => RestSend.MeasureAsync(server, toServer.RunAsync, seconds)),
            ("bare endpoint", seconds => RestSend.MeasureAsync(bare, toBare.RunAsync, seconds)),
            options.Seconds);
    }
}

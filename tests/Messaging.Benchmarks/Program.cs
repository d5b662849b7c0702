using System.Globalization;
using Messaging.Benchmarks;
using Messaging.Benchmarks.Baselines;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using Messaging.Benchmarks.Rows;

if (args is [BareEndpoint.Argument, var url])
{
    await BareEndpoint.RunAsync(url);
    return;
}

if (args is [EchoHost.Argument, var grpcPort, var httpPort])
{
    await EchoHost.RunAsync(int.Parse(grpcPort, CultureInfo.InvariantCulture), int.Parse(httpPort, CultureInfo.InvariantCulture));
    return;
}

if (args is [BrokerHost.Argument, var folder])
{
    await BrokerHost.RunAsync(folder);
    return;
}

var options = RunOptions.Parse(args);
if (options.List)
{
    foreach (IRow row in RowList.All)
    {
        Console.WriteLine($"{row.Name,-22} {row.Summary}");
    }

    return;
}

using var data = new DataFolder(options.DataParent);
var report = new Report(Conditions.Of(options, data.Root));
report.Begin();
foreach (IRow row in RowList.Named(options.Rows))
{
    await foreach (RowResult result in row.RunAsync(options, data))
    {
        report.Add(result);
    }
}

if (options.JsonPath is not null)
{
    report.Write(options.JsonPath);
}

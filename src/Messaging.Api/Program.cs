using Messaging.Api.Commands;
using Messaging.Api.Configuration;
using Messaging.Api.Health;
using Messaging.Api.Hosting;
using Messaging.Aws;
using Messaging.Grpc;
using Messaging.Http;
using Messaging.Rest;

namespace Messaging.Api;

/// <summary>The server, as a table of contents.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        PrivateFiles.Keep();
        if (CommandLine.AsksForHelp(args))
        {
            Console.Out.WriteLine(CommandLine.Usage);
            return ServerRun.Stopped;
        }
        if (args is ["check", .. string[] folder])
            return CheckCommand.Run(folder, Console.Out, Console.Error);
        if (args is ["keys", .. string[] words])
            return await KeysCommand.RunAsync(words, Console.Out, Console.Error);
        if (CommandLine.Refuse(args) is { } wrong)
        {
            Console.Error.WriteLine($"{wrong} Try --help.");
            return ServerRun.WrongSetting;
        }
        return await ServerRun.ToExitCodeAsync(async () =>
        {
            await using WebApplication server = ServerRun.Configured(() => Build(args, TimeProvider.System));
            await ServerRun.ConfiguredAsync(() => server.StartAsync());
            await server.WaitForShutdownAsync();
        });
    }

    /// <summary>The whole server, not yet started. Tests bring their own clock.</summary>
    internal static WebApplication Build(string[] args, TimeProvider clock)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder([ServerSettings.NoReload, .. args]);
        builder.Services.AddSingleton(clock);
        builder.AddServerOptions(args);
        builder.AddQuietLogging();
        builder.ListenByKestrel();
        builder.Services.AddHttpFronts();
        builder.Services.AddGrpcFront();
        builder.Services.AddAccess();
        builder.Services.AddHostedService<BrokerLifetime>();

        WebApplication server = builder.Build();
        server.GuardFromBrowsers();
        server.UseGrpcMethods();
        server.UseRouting();
        server.MapHealth();
        server.MapRest();
        server.MapGrpcFront();
        server.MapAws(Home.ShowAsync);
        return server;
    }
}

using Messaging.Api.Configuration;
using Messaging.Storage;
using Microsoft.Extensions.Configuration;

namespace Messaging.Api.Tests.Configuration;

public sealed class ServerSettingsTests
{
    [Fact]
    public void Nothing_configured_is_open_on_loopback_in_the_current_folder()
    {
        ServerOptions options = Read();

        Assert.Equal((Path.GetFullPath("data"), AuthMode.Open, false), (options.DataDirectory, options.AuthMode, options.AllowOpenBeyondLoopback));
    }

    [Theory]
    [InlineData("Messaging:DataDirectory", "/srv/messages")]
    [InlineData("Messaging:Definitions", "queues.json")]
    [InlineData("messaging:auth:mode", "open")]
    [InlineData("Messaging:Auth:Mode", "Closed")]
    [InlineData("Messaging:Auth:AllowOpenBeyondLoopback", "TRUE")]
    [InlineData("Messaging:AcceptJournalLoss", "true")]
    [InlineData("Messaging:Push:AllowPrivateNetworks", "true")]
    [InlineData("Messaging:Push:GatewayUrl", "https://gateway.example.com/in")]
    [InlineData("Messaging:PublicUrl", "https://messaging.example.com/")]
    [InlineData("Messaging:Mail:Host", "mail.example.com")]
    [InlineData("Messaging:Storage:JournalSlotBytes", "4194304")]
    [InlineData("messaging:storage:ballastBytes", "0")]
    [InlineData("ConnectionStrings:Catalog", "")]
    [InlineData("ConnectionStrings:Catalog", "Host=db;Database=messaging;Username=m;Password=secret")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://localhost:9000")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.1.2.3:0")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://[::1]:9000")]
    [InlineData("Kestrel:EndpointDefaults:Protocols", "Http1")]
    public void What_is_sound_starts(string name, string value) => Read((name, value));

    [Theory]
    [InlineData("Messaging:DataDirectory", " ", "Messaging:DataDirectory")]
    [InlineData("Messaging:DataDir", "x", "Messaging:DataDir is not a setting")]
    [InlineData("Messaging:Auth:Modus", "Open", "Messaging:Auth:Modus is not a setting")]
    [InlineData("Messaging:Auth:Mode", "Ajar", "must be Open or Closed")]
    [InlineData("Messaging:Auth:AccessKeyId", "AKIAIOSFODNN7EXA", "Messaging:Auth:SecretAccessKey is missing")]
    [InlineData("Messaging:Auth:SecretAccessKey", "wJalrXUtnFEMI/K7", "Messaging:Auth:AccessKeyId is missing")]
    [InlineData("Messaging:Auth:Account", "111122223333", "makes no sense without")]
    [InlineData("Messaging:Auth:AllowOpenBeyondLoopback", "yes", "must be true or false")]
    [InlineData("Messaging:AcceptJournalLoss", "perhaps", "must be true or false")]
    [InlineData("Messaging:Storage:JournalSlotBytes", "4194303", "must be a number from 4194304 to")]
    [InlineData("Messaging:Storage:JournalSlotBytes", "4194305", "must be a multiple of 4096")]
    [InlineData("Messaging:Storage:JournalSlots", "5", "must be a number from 6 to 1024")]
    [InlineData("Messaging:Storage:CheckpointBytes", "33554431", "must be a number from 33554432")]
    [InlineData("Messaging:Storage:PackBytesTarget", "64M", "must be a number")]
    [InlineData("Messaging:Storage:DiskReserveBytes", "0", "must be a number from 67108864")]
    [InlineData("Messaging:Storage:BallastBytes", "-1", "must be a number from 0")]
    [InlineData("Messaging:Storage:SlotBytes", "1", "is not a setting")]
    [InlineData("Messaging:Definitions", "", "must be the path of a file")]
    [InlineData("Messaging:Push:AllowPrivateNetworks", "perhaps", "must be true or false")]
    [InlineData("Messaging:Push:Concurrency", "0", "must be a number from 1 to 1024")]
    [InlineData("Messaging:Push:TimeoutSeconds", "301", "must be a number from 1 to 300")]
    [InlineData("Messaging:Push:GatewayUrl", "ftp://a", "must be a URL of http or https")]
    [InlineData("Messaging:PublicUrl", "messaging.example.com", "must be a URL of http or https")]
    [InlineData("Messaging:Mail:User", "me", "makes no sense without Messaging:Mail:Host")]
    [InlineData("Messaging:Aws:Region", "US East", "must be a region such as us-east-1")]
    [InlineData("Messaging:Aws:NameCoolDownSeconds", "-1", "must be a number from 0 to 3600")]
    [InlineData("Messaging:Aws:NameCoolDownSeconds", "3601", "must be a number from 0 to 3600")]
    [InlineData("ConnectionStrings:Catalog", "Hots=db", "is not a connection string")]
    [InlineData("ConnectionStrings:Catalog", "Database=messaging", "is not a connection string")]
    [InlineData("ConnectionStrings:Catalog", "Host=db;Port=many", "is not a connection string")]
    [InlineData("ConnectionStrings:Catalogue", "Host=db", "ConnectionStrings:Catalogue is not a setting")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:8080", "AllowOpenBeyondLoopback")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://*:8080", "AllowOpenBeyondLoopback")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://[::]:8080", "AllowOpenBeyondLoopback")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://localhost.example.com:8080", "AllowOpenBeyondLoopback")]
    [InlineData("Kestrel:Endpoints:Other:Url", "http://10.0.0.7:8080", "AllowOpenBeyondLoopback")]
    [InlineData("Kestrel:Endpoints:Http:Url", "8080", "is not an address")]
    [InlineData("Kestrel:Endpoints:Http:Protocols", "Http1", "Url is missing")]
    [InlineData("Kestrel:Endpoint:Http:Url", "http://127.0.0.1:1", "Kestrel:Endpoint is not a setting")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "5", "Kestrel:Limits is not a setting")]
    [InlineData("Kestrel:EndpointDefaults:Protocol", "Http1", "Kestrel:EndpointDefaults:Protocol is not a setting")]
    [InlineData("Kestrel:Endpoints:Http:Uri", "http://127.0.0.1:1", "Kestrel:Endpoints:Http:Uri is not a setting")]
    public void What_is_wrong_is_said_in_one_line(string name, string value, string message)
    {
        var exception = Assert.Throws<SettingException>(() => Read((name, value)));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Storage_is_as_configured_and_else_the_engine_s_own()
    {
        var defaults = new LogEngineOptions();
        LogEngineOptions storage = Read(("Messaging:Storage:JournalSlots", "7"), ("Messaging:AcceptJournalLoss", "true")).Storage;

        Assert.Equal((7, true), (storage.JournalSlots, storage.AcceptJournalLoss));
        Assert.Equal(
            (defaults.JournalSlotBytes, defaults.CheckpointBytes, defaults.PackBytesTarget, defaults.DiskReserveBytes, defaults.BallastBytes),
            (storage.JournalSlotBytes, storage.CheckpointBytes, storage.PackBytesTarget, storage.DiskReserveBytes, storage.BallastBytes));
    }

    [Fact]
    public void Other_addresses_are_an_explicit_word() =>
        Assert.True(Read(("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:8080"), ("Messaging:Auth:AllowOpenBeyondLoopback", "true")).AllowOpenBeyondLoopback);

    [Fact]
    public void A_closed_server_may_be_reached_from_anywhere() =>
        Assert.Equal(AuthMode.Closed, Read(("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:8080"), ("Messaging:Auth:Mode", "closed")).AuthMode);

    [Fact]
    public void A_key_of_the_settings_has_an_account_or_the_default_one()
    {
        (string, string)[] key = [("Messaging:Auth:AccessKeyId", "AKIAIOSFODNN7EXA"), ("Messaging:Auth:SecretAccessKey", "wJalrXUtnFEMI/K7")];

        Assert.Equal("000000000000", Read(key).AccessKey!.Account.Value);
        Assert.Equal("111122223333", Read([.. key, ("Messaging:Auth:Account", "111122223333")]).AccessKey!.Account.Value);
        Assert.Equal(("AKIAIOSFODNN7EXA", "wJalrXUtnFEMI/K7"), (Read(key).AccessKey!.Id, Read(key).AccessKey!.Secret));
    }

    [Theory]
    [InlineData("AKIAIOSFODNN7EXA", "a secret of words", "000000000000", "Messaging:Auth:SecretAccessKey must have 16 to 128")]
    [InlineData("AKIA-OSFODNN7EXA", "wJalrXUtnFEMI/K7", "000000000000", "Messaging:Auth:AccessKeyId must have 16 to 128")]
    [InlineData("AKIAIOSFODNN7EXA", "wJalrXUtnFEMI/K7", "0", "Messaging:Auth:Account must be twelve digits")]
    public void A_key_of_the_settings_that_is_none_is_refused_without_showing_it(string id, string secret, string account, string message)
    {
        var exception = Assert.Throws<SettingException>(() =>
            Read(("Messaging:Auth:AccessKeyId", id), ("Messaging:Auth:SecretAccessKey", secret), ("Messaging:Auth:Account", account)));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(id, exception.Message, StringComparison.Ordinal);
    }

    private static ServerOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        ServerOptions options = ServerSettings.Read(configuration);
        KestrelWords.RefuseUnknown(configuration);
        KestrelAddresses.AddDefault(configuration);
        KestrelAddresses.RequireLoopbackWhenOpen(configuration, options);
        return options;
    }
}

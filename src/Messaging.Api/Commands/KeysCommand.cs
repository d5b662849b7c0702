using System.Security.Cryptography;
using Messaging.Api.Configuration;
using Messaging.Broker;
using Messaging.Broker.Access;
using Messaging.Storage;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Api.Commands;

/// <summary>
/// <c>keys create | list | delete</c>: the access keys of a data folder that no server has open. A secret is printed once, when it is made. Exit codes: 0 done,
/// 1 refused, 2 not understood.
/// </summary>
internal static class KeysCommand
{
    private const int Done = 0;
    private const int Refused = 1;
    private const int NotUnderstood = 2;

    // As those of AWS look: AKIA and 16 more of base 32, and 40 of base 64.
    private const string IdPrefix = "AKIA";
    private const string IdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int IdCharactersBehindPrefix = 16;
    private const int SecretBytes = 30;

    private const string Usage =
        """
        usage: keys create [--account=<12 digits>] [--id=<access key id>] [--<setting>=<value> ...]
               keys list [--<setting>=<value> ...]
               keys delete <access key id> [--<setting>=<value> ...]
        """;

    /// <summary>With the arguments behind the verb.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            return args switch
            {
                ["create", .. string[] words] => await CreateAsync(KeysWords.Read(words, "account", "id"), output, errors),
                ["list", .. string[] words] => await WithBrokerAsync(Existing(KeysWords.Read(words)), broker => List(broker, output)),
                ["delete", var id, .. string[] words] when !id.StartsWith('-') =>
                    await WithBrokerAsync(Existing(KeysWords.Read(words)), async broker => Say(await broker.AccessKeys.DeleteAsync(id, CancellationToken.None), errors)),
                _ => Say(Usage, NotUnderstood, errors),
            };
        }
        catch (SettingException exception)
        {
            return Say($"keys: {exception.Message}", NotUnderstood, errors);
        }
        catch (Exception exception) when (exception is StorageFaultException or IOException or UnauthorizedAccessException)
        {
            return Say($"keys: {exception.Message.ReplaceLineEndings(" ")}", Refused, errors);
        }
    }

    // The first key may make the folder; who only asks has misspelt its name.
    private static KeysWords Existing(KeysWords words) =>
        Directory.Exists(words.Options.DataDirectory) ? words : throw new SettingException($"'{words.Options.DataDirectory}' is no data folder.");

    private static async Task<int> CreateAsync(KeysWords words, TextWriter output, TextWriter errors)
    {
        var key = new AccessKey(words.Own("id") ?? NewId(), NewSecret(), AccessKeySettings.ReadAccount("--account", words.Own("account")));
        return await WithBrokerAsync(words, async broker =>
        {
            int exitCode = Say(await broker.AccessKeys.PutAsync(key, CancellationToken.None), errors);
            if (exitCode == Done)
            {
                output.WriteLine($"access key id      {key.Id}");
                output.WriteLine($"secret access key  {key.Secret}");
                output.WriteLine($"account            {key.Account}");
            }
            return exitCode;
        });
    }

    private static Task<int> List(MessageBroker broker, TextWriter output)
    {
        foreach (AccessKey key in broker.AccessKeys.List())
            output.WriteLine($"{key.Id}  {key.Account}");
        return Task.FromResult(Done);
    }

    // A broker as a server has it, whose stop writes a checkpoint. Definitions are not touched, so that their truth in Postgres need not be there.
    private static async Task<int> WithBrokerAsync(KeysWords words, Func<MessageBroker, Task<int>> run)
    {
        var settings = new BrokerOptions { Engine = words.Options.Storage };
        await using MessageBroker broker = MessageBroker.Open(
            new PosixDisk(words.Options.DataDirectory), settings, TimeProvider.System, NullLoggerFactory.Instance, static fault => Environment.FailFast(fault.Message, fault));
        return await run(broker);
    }

    private static string NewId() => IdPrefix + RandomNumberGenerator.GetString(IdCharacters, IdCharactersBehindPrefix);

    private static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    private static int Say(Result<bool> result, TextWriter errors) => result.IsOk ? Done : Say($"keys: {result.Error.Detail}", Refused, errors);

    private static int Say(string text, int exitCode, TextWriter errors)
    {
        errors.WriteLine(text);
        return exitCode;
    }
}

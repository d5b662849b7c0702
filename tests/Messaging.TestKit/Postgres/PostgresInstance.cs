using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Messaging.TestKit.Processes;
using Npgsql;

namespace Messaging.TestKit.Postgres;

/// <summary>
/// A PostgreSQL of the tests' own, on a free loopback port over a temporary folder, as a child process: stopped, crashed and started again by
/// hand. Disposing ends it, and only it. Databases are made per test.
/// </summary>
internal sealed partial class PostgresInstance : IAsyncDisposable
{
    private const string Owner = "messaging";
    private const int SignalFastStop = 2;
    private const int SignalCrash = 3;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private Process? _process;
    private int _databases;

    private PostgresInstance(string folder) => _folder = folder;

    /// <summary>Where it listens, while it runs.</summary>
    public int Port { get; } = FreePort();

    /// <summary>In a folder that is made for it and goes with it; null: a temporary one.</summary>
    public static async Task<PostgresInstance> StartNewAsync(string? folder = null)
    {
        var instance = new PostgresInstance((folder is null ? Directory.CreateTempSubdirectory("messaging-") : Directory.CreateDirectory(folder)).FullName);
        try
        {
            if (PostgresPrograms.User is { } user) await Tool.RunAsync("chown", user, instance._folder);
            await RunAsync(PostgresPrograms.Command("initdb", "-D", instance.Data, "-U", Owner, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
            await instance.StartAsync();
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>How to reach a database of it.</summary>
    public string ConnectionString(string database, int? port = null) => $"Host=127.0.0.1;Port={port ?? Port};Database={database};Username={Owner}";

    /// <summary>A new, empty database; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"t{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>One statement as an operator would give it; the first value of its answer.</summary>
    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public async Task StartAsync()
    {
        string[] command = PostgresPrograms.Command(
            "postgres", "-D", Data, "-k", "", "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "log_min_messages=fatal");
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var source = new CancellationTokenSource(StartTimeout, TimeProvider.System);
        while (true)
        {
            try
            {
                await ExecuteAsync(ConnectionString("postgres"), "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited)
            {
                await Task.Delay(PollPause, TimeProvider.System, source.Token);
            }
        }
    }

    /// <summary>Ends all connections and stops.</summary>
    public Task StopAsync() => EndAsync(SignalFastStop);

    /// <summary>Ends in the middle of whatever it does; the next start recovers.</summary>
    public Task CrashAsync() => EndAsync(SignalCrash);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await EndAsync(SignalCrash);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndAsync(int signal)
    {
        if (_process is null) return;
        if (Kill(_process.Id, signal) != 0) throw new InvalidOperationException($"kill failed with errno {Marshal.GetLastPInvokeError()}.");
        using var source = new CancellationTokenSource(StartTimeout, TimeProvider.System);
        await _process.WaitForExitAsync(source.Token);
        _process.Dispose();
        _process = null;
    }

    private static Task RunAsync(string[] command) => Tool.RunAsync(command[0], command[1..]);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

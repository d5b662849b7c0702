using Messaging.Broker.Access;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Catalog;

public sealed class ChangeAccessKeysTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    [Fact]
    public async Task Keys_survive_a_kill_and_a_restart_and_are_gone_once_they_are_deleted()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        Assert.True((await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXB", "444455556666"), default)).IsOk);
        Assert.True((await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXA", "111122223333"), default)).IsOk);
        Assert.True((await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXC", "111122223333"), default)).IsOk);
        Assert.True((await broker.Broker.AccessKeys.DeleteAsync("AKIAIOSFODNN7EXC", default)).IsOk);

        AssertBoth(broker);
        broker.Kill();
        AssertBoth(broker);
        await broker.Restart();
        AssertBoth(broker);
        broker.Kill();
        AssertBoth(broker);

        Assert.True((await broker.Broker.AccessKeys.DeleteAsync("AKIAIOSFODNN7EXA", default)).IsOk);
        await broker.Restart();
        Assert.False(broker.Broker.AccessKeys.TryGet("AKIAIOSFODNN7EXA", out _));
    }

    [Fact]
    public async Task A_key_is_the_same_object_each_time()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXA"), default);

        Assert.True(broker.Broker.AccessKeys.TryGet("AKIAIOSFODNN7EXA", out AccessKey? first));
        Assert.True(broker.Broker.AccessKeys.TryGet("AKIAIOSFODNN7EXA", out AccessKey? second));
        Assert.Same(first, second);
    }

    [Fact]
    public async Task What_is_no_key_or_there_already_or_not_there_is_refused()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXA"), default);

        Result<bool>[] refused =
        [
            await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXA", "444455556666"), default),
            await broker.Broker.AccessKeys.PutAsync(Key("short"), default),
            await broker.Broker.AccessKeys.PutAsync(new AccessKey("AKIAIOSFODNN7EXB", "short", AccountId.Default), default),
            await broker.Broker.AccessKeys.DeleteAsync("AKIAIOSFODNN7EXB", default),
        ];

        Assert.All(refused, result => Assert.Equal(ErrorCode.InvalidValue, result.Error?.Code));
        Assert.All(refused, result => Assert.DoesNotContain(Secret, result.Error!.Detail, StringComparison.Ordinal));
        Assert.Equal("111122223333", Assert.Single(broker.Broker.AccessKeys.List()).Account.Value);
    }

    [Fact]
    public async Task There_are_10_000_at_most()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        for (int i = 0; i < BrokerLimits.AccessKeysMax; i += 100)
            await Task.WhenAll(Enumerable.Range(i, 100).Select(number => broker.Broker.AccessKeys.PutAsync(Key($"AKIA{number:000000000000}"), default).AsTask()));
        Assert.Equal(BrokerLimits.AccessKeysMax, broker.Broker.AccessKeys.List().Count);

        Assert.False((await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXA"), default)).IsOk);
        Assert.True((await broker.Broker.AccessKeys.DeleteAsync("AKIA000000000000", default)).IsOk);
        Assert.True((await broker.Broker.AccessKeys.PutAsync(Key("AKIAIOSFODNN7EXA"), default)).IsOk);
    }

    private static void AssertBoth(BrokerHarness broker)
    {
        Assert.Equal(
            ["AKIAIOSFODNN7EXA 111122223333 " + Secret, "AKIAIOSFODNN7EXB 444455556666 " + Secret],
            broker.Broker.AccessKeys.List().Select(key => $"{key.Id} {key.Account} {key.Secret}"));
        Assert.False(broker.Broker.AccessKeys.TryGet("AKIAIOSFODNN7EXC", out _));
    }

    private static AccessKey Key(string id, string account = "111122223333") =>
        new(id, Secret, AccountId.TryParse(account, out AccountId parsed) ? parsed : throw new ArgumentException(account));
}

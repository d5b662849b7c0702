using System.Text;
using Messaging.Storage.Records;

namespace Messaging.Storage.Tests.Records;

public sealed class RecordBodyTests
{
    [Fact]
    public void Key_value_and_headers_come_back_with_null_and_empty_told_apart()
    {
        var body = Body(null, "", ("a", null), ("", ""), ("name", "value"));
        Assert.True(RecordBodyReader.TryRead(body, out var reader));
        Assert.True(reader.KeyIsNull);
        Assert.True(reader.Value.IsEmpty && !reader.ValueIsNull);
        Assert.Equal(3, reader.HeaderCount);

        var headers = reader.Headers;
        Assert.True(headers.MoveNext() && headers.ValueIsNull && headers.Name.SequenceEqual("a"u8));
        Assert.True(headers.MoveNext() && !headers.ValueIsNull && headers.Name.IsEmpty && headers.Value.IsEmpty);
        Assert.True(headers.MoveNext() && headers.Name.SequenceEqual("name"u8) && headers.Value.SequenceEqual("value"u8));
        Assert.False(headers.MoveNext() || headers.Malformed);
        Assert.True(RecordBody.IsValid(body));
    }

    [Fact]
    public void Random_bodies_come_back_and_are_as_long_as_measured()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 2000; turn++)
        {
            var key = Text(random);
            var value = Text(random);
            var headers = new (string, string?)[random.Next(4)];
            for (var index = 0; index < headers.Length; index++)
            {
                headers[index] = (Text(random) ?? "", Text(random));
            }

            var body = Body(key, value, headers);
            Assert.True(RecordBody.IsValid(body));
            Assert.False(RecordBody.IsValid([.. body, 0]));
            Assert.True(RecordBodyReader.TryRead(body, out var reader));
            Assert.Equal((key, value), (Text(reader.Key, reader.KeyIsNull), Text(reader.Value, reader.ValueIsNull)));
            var read = reader.Headers;
            foreach (var header in headers)
            {
                Assert.True(read.MoveNext());
                Assert.Equal(header, (Text(read.Name, isNull: false)!, Text(read.Value, read.ValueIsNull)));
            }
        }
    }

    [Fact]
    public void Every_cut_body_is_refused()
    {
        var body = Body("key", "value", ("name", "value"), ("other", null));
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(RecordBody.IsValid(body.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Bodies_of_random_bytes_never_throw()
    {
        var random = new Random(1);
        var body = Body("key", "value", ("name", "value"), ("other", null));
        for (var turn = 0; turn < 100_000; turn++)
        {
            var bytes = (byte[])body.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            RecordBody.IsValid(bytes);
            random.NextBytes(bytes);
            RecordBody.IsValid(bytes.AsSpan(random.Next(bytes.Length)));
        }
    }

    internal static byte[] Body(string? key, string? value, params (string Name, string? Value)[] headers)
    {
        var headerBytes = headers.Sum(header => RecordBody.MeasureHeader(Length(header.Name), Length(header.Value)));
        var body = new byte[RecordBody.Measure(Length(key), Length(value), headers.Length, headerBytes)];
        var writer = new RecordBodyWriter(body);
        if (key is null)
        {
            writer.WriteNullKey();
        }
        else
        {
            writer.WriteKey(Encoding.UTF8.GetBytes(key));
        }

        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteValue(Encoding.UTF8.GetBytes(value));
        }

        writer.WriteHeaderCount(headers.Length);
        foreach (var header in headers)
        {
            if (header.Value is null)
            {
                writer.WriteNullHeader(Encoding.UTF8.GetBytes(header.Name));
            }
            else
            {
                writer.WriteHeader(Encoding.UTF8.GetBytes(header.Name), Encoding.UTF8.GetBytes(header.Value));
            }
        }

        Assert.Equal(body.Length, writer.Written);
        return body;
    }

    private static int Length(string? text) => text is null ? RecordBody.NullLength : Encoding.UTF8.GetByteCount(text);

    private static string? Text(Random random) => random.Next(5) switch
    {
        0 => null,
        1 => "",
        _ => new string((char)random.Next('a', 'z'), random.Next(300)),
    };

    private static string? Text(ReadOnlySpan<byte> bytes, bool isNull) => isNull ? null : Encoding.UTF8.GetString(bytes);
}

using System.Text;

namespace Messaging.TestKit.Histories;

/// <summary>Bodies that name themselves: a key, a bar, and seeded text or bytes.</summary>
internal static class MessageBodies
{
    private const byte Bar = (byte)'|';
    private const int LargeBytesMax = 60_000;
    private const int SmallBytesMax = 1_500;

    public static byte[] Make(string key, Random random)
    {
        byte[] body = new byte[key.Length + 1 + random.Next(random.Next(50) == 0 ? LargeBytesMax : SmallBytesMax)];
        random.NextBytes(body);
        if (random.Next(2) == 0) MakeText(body);
        return Named(key, body);
    }

    public static byte[] MakeText(string key, int bytes, Random random)
    {
        byte[] body = new byte[key.Length + 1 + bytes];
        random.NextBytes(body);
        MakeText(body);
        return Named(key, body);
    }

    public static string KeyOf(byte[] body) => Encoding.ASCII.GetString(body.AsSpan(0, Math.Max(0, body.AsSpan().IndexOf(Bar))));

    private static void MakeText(Span<byte> body)
    {
        foreach (ref byte character in body)
            character = (byte)(' ' + character % 90);
    }

    private static byte[] Named(string key, byte[] body)
    {
        Encoding.ASCII.GetBytes(key, body);
        body[key.Length] = Bar;
        return body;
    }
}

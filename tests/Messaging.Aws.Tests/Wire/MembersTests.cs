using System.Text;
using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Tests.Wire;

/// <summary>The same request in both protocols is the same to who reads it; and nothing that comes makes a reader throw or run for ever.</summary>
public sealed class MembersTests
{
    private static readonly MemberTable Table = new(0, "QueueUrl", "Entries", "Attributes", "MessageAttributes", "AttributeNames", "MaxResults");
    private static readonly MemberTable EntryTable = new(0, "Id", "MessageBody", "DelaySeconds", "MessageAttributes");
    private static readonly MemberTable ValueTable = new(0, "StringValue", "BinaryValue", "DataType");

    [Fact]
    public void The_same_request_reads_the_same_in_both_protocols()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            AnyRequest request = AnyRequest.Next(random);

            (string? json, AwsError? jsonFault) = ReadJson(Encoding.UTF8.GetBytes(request.ToJson()));
            (string? query, AwsError? queryFault) = ReadQuery(Encoding.ASCII.GetBytes(request.ToQuery(random)));

            Assert.Null(jsonFault);
            Assert.Null(queryFault);
            Assert.Equal(json, query);
            Assert.Equal(request.ToString(), json);
        }
    }

    [Fact]
    public void Whatever_bytes_come_there_is_an_answer()
    {
        for (int seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            AnyRequest request = AnyRequest.Next(random);

            ReadJson(Mutate(random, Encoding.UTF8.GetBytes(request.ToJson())));
            ReadQuery(Mutate(random, Encoding.ASCII.GetBytes(request.ToQuery(random))));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"QueueUrl\":\"a\"")]
    [InlineData("{\"QueueUrl\":\"a\"} x")]
    [InlineData("{\"QueueUrl\":1}")]
    [InlineData("{\"QueueUrl\":\"a\",\"QueueUrl\":\"b\"}")]
    [InlineData("{\"QueueUrl\":\"\\ud800\"}")]
    [InlineData("{\"MaxResults\":\"1\"}")]
    [InlineData("{\"MaxResults\":1.5}")]
    [InlineData("{\"MaxResults\":2147483648}")]
    [InlineData("{\"Entries\":{}}")]
    [InlineData("{\"Entries\":[null]}")]
    [InlineData("{\"Entries\":[1]}")]
    [InlineData("{\"Attributes\":[]}")]
    [InlineData("{\"Unknown\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}")]
    [InlineData("{\"MessageAttributes\":{\"a\":{\"BinaryValue\":\"?\"}}}")]
    public void What_is_no_JSON_of_the_protocol_is_refused(string json) =>
        Assert.Equal(AwsErrorCode.MalformedRequest, ReadJson(Encoding.UTF8.GetBytes(json)).Fault?.Code);

    [Theory]
    [InlineData("{}")]
    [InlineData(" {\"QueueUrl\":null,\"Unknown\":{\"a\":[1,{\"b\":2}]}} \n")]
    [InlineData("{\"Queue\\u0055rl\":\"a\"}")]
    public void Nulls_unknown_members_and_escaped_names_are_no_fault(string json) => Assert.Null(ReadJson(Encoding.UTF8.GetBytes(json)).Fault);

    [Theory]
    [InlineData("QueueUrl=%")]
    [InlineData("QueueUrl=%4")]
    [InlineData("QueueUrl=%zz")]
    [InlineData("QueueUrl=%ff")]
    [InlineData("QueueUrl=a&QueueUrl=b")]
    [InlineData("QueueUrl.1=a")]
    [InlineData("MaxResults=one")]
    [InlineData("MaxResults=2147483648")]
    [InlineData("Attribute.1.Value=v")]
    [InlineData("Attribute.1.Name=a")]
    [InlineData("Attribute.a.Name=a&Attribute.a.Value=v")]
    [InlineData("Attribute=x")]
    [InlineData("Attribute=&Attribute.1.Name=a")]
    [InlineData("AttributeName.1.2=a")]
    [InlineData("Attributes.1.Name=a&Attributes.1.Value=v&Attribute.1.Name=a&Attribute.1.Value=v")]
    public void What_are_no_parameters_of_the_protocol_is_refused(string query) =>
        Assert.Equal(AwsErrorCode.MalformedRequest, ReadQuery(Encoding.ASCII.GetBytes(query)).Fault?.Code);

    [Theory]
    [InlineData("", "")]
    [InlineData("AttributeName=", "")]
    [InlineData("&&QueueUrl=a+b%20c&Unknown.1.2.3.4.5.6.7.8.9.10.11=x&", "0=a b c;")]
    [InlineData("AttributeName.10=c&AttributeName.9=b&AttributeName.1=a", "4=['a','b','c'];")]
    public void Parameters_come_in_the_order_of_their_numbers(string query, string read) =>
        Assert.Equal((read, null), ReadQuery(Encoding.ASCII.GetBytes(query)));

    [Fact]
    public void More_parameters_than_a_call_may_have_are_refused()
    {
        string most = string.Join('&', Enumerable.Range(1, AwsLimits.ParametersMax).Select(static number => $"AttributeName.{number}=a"));

        Assert.Null(ReadQuery(Encoding.ASCII.GetBytes(most)).Fault);
        Assert.Equal(AwsErrorCode.MalformedRequest, ReadQuery(Encoding.ASCII.GetBytes(most + "&QueueUrl=u")).Fault?.Code);
    }

    [Fact]
    public void More_items_than_a_call_may_have_are_refused_before_they_cost_memory()
    {
        string most = string.Join(',', Enumerable.Repeat("\"a\"", AwsLimits.ParametersMax));

        Assert.Null(ReadJson(Encoding.UTF8.GetBytes($"{{\"AttributeNames\":[{most}]}}")).Fault);
        Assert.Equal(AwsErrorCode.MalformedRequest, ReadJson(Encoding.UTF8.GetBytes($"{{\"AttributeNames\":[{most},\"a\"]}}")).Fault?.Code);
        Assert.Equal(AwsErrorCode.MalformedRequest, ReadJson(Encoding.UTF8.GetBytes($"{{\"Entries\":[{string.Join(',', Enumerable.Repeat("{}", 1_000_000))}]}}")).Fault?.Code);
    }

    private static (string? Read, AwsError? Fault) ReadJson(byte[] body)
    {
        using var scratch = new Scratch(body.Length);
        var members = new JsonMembers(body, scratch);
        string read = ReadAll(ref members);
        members.EndBody();
        return (read, members.Fault);
    }

    private static (string? Read, AwsError? Fault) ReadQuery(byte[] encoded)
    {
        using var scratch = new Scratch(encoded.Length);
        using var form = new QueryForm(scratch);
        if ((form.Add(encoded) ?? form.Sort()) is { } refused)
            return (null, refused);
        var members = new QueryMembers(form, scratch);
        string read = ReadAll(ref members);
        return (read, members.Fault);
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        for (int changes = random.Next(1, 6); changes > 0 && bytes.Length > 1; changes--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 8))..]];
                    break;
                default:
                    int from = random.Next(bytes.Length);
                    bytes = [.. bytes[..at], .. bytes[from..Math.Min(bytes.Length, from + 3)], .. bytes[at..]];
                    break;
            }
        }
        return bytes;
    }

    private static string ReadAll<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var read = new SortedDictionary<int, string>();
        uint seen = 0;
        int member;
        while ((member = members.Next(Table, ref seen)) != MemberTable.End)
        {
            read[member] = member switch
            {
                0 => Text(members.Text()),
                1 => ReadEntries(ref members),
                2 => ReadMap(ref members),
                3 => ReadValues(ref members),
                4 => ReadList(ref members),
                _ => $"{members.Integer()}",
            };
        }
        return string.Concat(read.Where(static one => one.Value is not ("[]" or "{}")).Select(static one => $"{one.Key}={one.Value};"));
    }

    private static string ReadEntries<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var entries = new List<string>();
        members.BeginList();
        while (members.NextItem())
        {
            var entry = new SortedDictionary<int, string>();
            members.BeginStructure();
            uint seen = 0;
            int member;
            while ((member = members.Next(EntryTable, ref seen)) != MemberTable.End)
                entry[member] = member switch { 2 => $"{members.Integer()}", 3 => ReadValues(ref members), _ => Text(members.Text()) };
            entries.Add(string.Join('|', entry.Where(static one => one.Value != "{}").Select(static one => $"{one.Key}:{one.Value}")));
        }
        return $"[{string.Join(',', entries)}]";
    }

    private static string ReadList<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var items = new List<string>();
        members.BeginList();
        while (members.NextItem())
            items.Add($"'{Text(members.Text())}'");
        return $"[{string.Join(',', items)}]";
    }

    private static string ReadMap<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var entries = new List<string>();
        members.BeginMap();
        while (members.NextEntry(out ReadOnlyMemory<byte> key))
            entries.Add($"{Text(key)}:{Text(members.Text())}");
        return $"{{{string.Join(',', entries)}}}";
    }

    private static string ReadValues<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct
    {
        var entries = new List<string>();
        members.BeginMap();
        while (members.NextEntry(out ReadOnlyMemory<byte> key))
        {
            var value = new SortedDictionary<int, string>();
            members.BeginStructure();
            uint seen = 0;
            int member;
            while ((member = members.Next(ValueTable, ref seen)) != MemberTable.End)
                value[member] = member == 1 ? Convert.ToHexString(members.Blob().Span) : Text(members.Text());
            entries.Add($"{Text(key)}:{string.Join('|', value.Select(static one => $"{one.Key}~{one.Value}"))}");
        }
        return $"{{{string.Join(',', entries)}}}";
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    /// <summary>A request of chance, in both protocols, and as it reads.</summary>
    private sealed record AnyRequest(
        string? Url, int? Max, string[] Names, (string Key, string Value)[] Map, (string Key, string? Text, byte[]? Binary)[] Values,
        (string Id, string Body, int? Delay, (string Key, string? Text, byte[]? Binary)[] Values)[] Entries)
    {
        private static readonly string[] Texts = ["a", "", "ä€😀", "a b+c%d&e=f", "\"\\/\n\t", "x.1.y", "<>"];

        public static AnyRequest Next(Random random) => new(
            random.Next(2) == 0 ? null : AnyText(random),
            random.Next(2) == 0 ? null : random.Next(-5, 2_000_000_000),
            [.. Enumerable.Range(0, random.Next(12)).Select(_ => AnyText(random))],
            [.. Enumerable.Range(0, random.Next(4)).Select(index => ($"k{index}" + AnyText(random), AnyText(random)))],
            AnyValues(random),
            [.. Enumerable.Range(0, random.Next(12)).Select(index => ($"e{index}", AnyText(random), random.Next(2) == 0 ? (int?)null : random.Next(900), AnyValues(random)))]);

        public string ToJson()
        {
            var members = new List<string>();
            if (Url is not null)
                members.Add($"\"QueueUrl\":{Quoted(Url)}");
            if (Max is not null)
                members.Add($"\"MaxResults\":{Max}");
            members.Add($"\"AttributeNames\":[{string.Join(',', Names.Select(Quoted))}]");
            members.Add($"\"Attributes\":{{{string.Join(',', Map.Select(static one => $"{Quoted(one.Key)}:{Quoted(one.Value)}"))}}}");
            members.Add($"\"MessageAttributes\":{JsonOf(Values)}");
            members.Add($"\"Entries\":[{string.Join(',', Entries.Select(static one =>
                $"{{\"Id\":{Quoted(one.Id)},\"MessageBody\":{Quoted(one.Body)},\"MessageAttributes\":{JsonOf(one.Values)}{(one.Delay is null ? "" : $",\"DelaySeconds\":{one.Delay}")}}}"))}]");
            return $"{{{string.Join(',', members)}}}";
        }

        public string ToQuery(Random random)
        {
            var pairs = new List<(string, string)>();
            if (Url is not null)
                pairs.Add(("QueueUrl", Url));
            if (Max is not null)
                pairs.Add(("MaxResults", $"{Max}"));
            pairs.AddRange(Names.Select(static (name, index) => ($"AttributeName.{index + 1}", name)));
            foreach (((string key, string value), int index) in Map.Select(static (one, index) => (one, index)))
                pairs.AddRange([($"Attribute.{index + 1}.Name", key), ($"Attribute.{index + 1}.Value", value)]);
            pairs.AddRange(QueryOf("", Values));
            foreach (((string id, string body, int? delay, var values), int index) in Entries.Select(static (one, index) => (one, index)))
            {
                string prefix = $"SendMessageBatchRequestEntry.{index + 1}.";
                pairs.AddRange([(prefix + "Id", id), (prefix + "MessageBody", body)]);
                if (delay is not null)
                    pairs.Add((prefix + "DelaySeconds", $"{delay}"));
                pairs.AddRange(QueryOf(prefix, values));
            }
            (string, string)[] shuffled = [.. pairs];
            random.Shuffle(shuffled);
            return string.Join('&', shuffled.Select(static pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"));
        }

        public override string ToString()
        {
            var read = new StringBuilder();
            if (Url is not null)
                read.Append($"0={Url};");
            if (Entries.Length > 0)
                read.Append($"1=[{string.Join(',', Entries.Select(static one =>
                    $"0:{one.Id}|1:{one.Body}{(one.Delay is null ? "" : $"|2:{one.Delay}")}{(one.Values.Length == 0 ? "" : $"|3:{ReadOf(one.Values)}")}"))}];");
            if (Map.Length > 0)
                read.Append($"2={{{string.Join(',', Map.Select(static one => $"{one.Key}:{one.Value}"))}}};");
            if (Values.Length > 0)
                read.Append($"3={ReadOf(Values)};");
            if (Names.Length > 0)
                read.Append($"4=[{string.Join(',', Names.Select(static one => $"'{one}'"))}];");
            if (Max is not null)
                read.Append($"5={Max};");
            return read.ToString();
        }

        private static (string, string?, byte[]?)[] AnyValues(Random random) => [.. Enumerable.Range(0, random.Next(3)).Select(index =>
            random.Next(2) == 0 ? ($"v{index}", AnyText(random), (byte[]?)null) : ($"v{index}", (string?)null, [(byte)random.Next(256), 0, 255]))];

        private static string AnyText(Random random) => Texts[random.Next(Texts.Length)];

        private static string Quoted(string text) => JsonSerializer.Serialize(text);

        private static string JsonOf((string Key, string? Text, byte[]? Binary)[] values) => $"{{{string.Join(',', values.Select(static one => one.Text is not null
            ? $"{Quoted(one.Key)}:{{\"DataType\":\"String\",\"StringValue\":{Quoted(one.Text)}}}"
            : $"{Quoted(one.Key)}:{{\"BinaryValue\":\"{Convert.ToBase64String(one.Binary!)}\",\"DataType\":\"Binary\"}}"))}}}";

        private static IEnumerable<(string, string)> QueryOf(string prefix, (string Key, string? Text, byte[]? Binary)[] values) => values.SelectMany((one, index) => new[]
        {
            ($"{prefix}MessageAttribute.{index + 1}.Name", one.Key),
            ($"{prefix}MessageAttribute.{index + 1}.Value.{(one.Text is null ? "BinaryValue" : "StringValue")}", one.Text ?? Convert.ToBase64String(one.Binary!)),
            ($"{prefix}MessageAttribute.{index + 1}.Value.DataType", one.Text is null ? "Binary" : "String"),
        });

        private static string ReadOf((string Key, string? Text, byte[]? Binary)[] values) => $"{{{string.Join(',', values.Select(static one =>
            one.Text is null ? $"{one.Key}:1~{Convert.ToHexString(one.Binary!)}|2~Binary" : $"{one.Key}:0~{one.Text}|2~String"))}}}";
    }
}

using System.Globalization;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>The query of a fetch. Hot path.</summary>
internal sealed class FetchQuery
{
    private const string LastEventId = "Last-Event-ID";
    private const string OffsetName = "offset", Time = "timestamp", MaxBytes = "maxBytes", MinBytes = "minBytes", WaitSeconds = "waitSeconds", IsolationName = "isolation",
        LimitName = "limit";

    /// <summary>All that a page of JSON takes.</summary>
    public static readonly string[] OfPages = [OffsetName, Time, MaxBytes, MinBytes, WaitSeconds, IsolationName, LimitName, EncodingParameter.Name];

    /// <summary>Batches come whole and as they are.</summary>
    public static readonly string[] OfBatches = [OffsetName, Time, MaxBytes, MinBytes, WaitSeconds, IsolationName];

    /// <summary>A stream has no end, and tells of records as soon as they are there.</summary>
    public static readonly string[] OfStreams = [OffsetName, Time, IsolationName, EncodingParameter.Name];

    private long _offset = FetchRequest.Earliest;
    private int _bytesMax = TopicLimits.FetchBytesDefault;
    private int _bytesMin = 1;
    private int _waitSeconds;
    private int _limit = RestLimits.FetchRecordsDefault;
    private BodyEncoding _encoding = BodyEncoding.Auto;

    /// <summary>Where the fetch begins, unless <see cref="FromMs"/> says so.</summary>
    public long Offset => _offset;

    /// <summary>From the first record of this time or later, in ms since 1970.</summary>
    public long? FromMs { get; private set; }

    public Isolation Isolation { get; private set; } = Isolation.ReadUncommitted;

    /// <summary>Records of one page.</summary>
    public int Limit => _limit;

    public BodyEncoding Encoding => _encoding;

    /// <summary>Only the parameters of <paramref name="known"/> may be there.</summary>
    public Problem? Read(HttpRequest request, ReadOnlySpan<string> known)
    {
        if (!request.QueryString.HasValue)
            return null;
        return QueryFields.Check(request, known)
            ?? OffsetParameter.Read(request, OffsetName, takesEarliest: true, ref _offset)
            ?? ReadTime(request)
            ?? QueryFields.Integer(request, MaxBytes, 1, TopicLimits.FetchBytesMax, ref _bytesMax)
            ?? QueryFields.Integer(request, MinBytes, 1, _bytesMax, ref _bytesMin)
            ?? QueryFields.Integer(request, WaitSeconds, 0, TopicLimits.FetchWaitSecondsMax, ref _waitSeconds)
            ?? QueryFields.Integer(request, LimitName, 1, RestLimits.FetchRecordsMax, ref _limit)
            ?? ReadIsolation(request)
            ?? EncodingParameter.Read(request, ref _encoding);
    }

    /// <summary>A client that comes again to a stream of events says which one was its last, and goes on behind that, whatever the query says: it is that of its first call.</summary>
    public Problem? ReadLastEvent(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(LastEventId, out StringValues values))
            return null;
        if (!long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long last) || last == long.MaxValue)
            return Problem.Invalid(LastEventId, "Must be the id of an event, which is an offset.");
        (_offset, FromMs) = (last + 1, null);
        return null;
    }

    /// <summary>A fetch that begins there.</summary>
    public FetchRequest ToRequest(long offset) =>
        new(offset, _bytesMax, TimeSpan.FromSeconds(_waitSeconds), _bytesMin) { Isolation = Isolation };

    private Problem? ReadTime(HttpRequest request)
    {
        if (!request.Query.TryGetValue(Time, out StringValues values))
            return null;
        if (request.Query.ContainsKey(OffsetName))
            return Problem.Invalid(Time, $"A fetch has only one of {OffsetName} and {Time}.");
        Problem? noTime = Timestamps.Read(System.Text.Encoding.UTF8.GetBytes(values[0] ?? ""), Time, out long fromMs);
        FromMs = Math.Max(0, fromMs);
        return noTime;
    }

    private Problem? ReadIsolation(HttpRequest request)
    {
        if (!request.Query.TryGetValue(IsolationName, out StringValues values))
            return null;
        (bool known, Isolation) = values[0] switch
        {
            "readUncommitted" => (true, Isolation.ReadUncommitted),
            "readCommitted" => (true, Isolation.ReadCommitted),
            _ => (false, default),
        };
        return known ? null : Problem.Invalid(IsolationName, "Must be readUncommitted or readCommitted.");
    }
}

using Messaging.Aws.Errors;

namespace Messaging.Aws.Wire;

/// <summary>
/// Walks through the members of one request, in whatever protocol it came: a structure's members by <see cref="Next"/>, a list's items by
/// <see cref="NextItem"/>, a map's entries by <see cref="NextEntry"/>; behind each of them the value is read by exactly one of the other methods, or passed over. The first thing that is wrong
/// stays in <see cref="Fault"/>, and from then on everything ends: callers look at it once, when they are through. What is read lives as long as the request. Hot path.
/// </summary>
internal interface IMembers
{
    /// <summary>What is wrong with the request as its protocol says it; null while nothing is.</summary>
    AwsError? Fault { get; }

    /// <summary>Steps to the next member that <paramref name="table"/> has, past nulls and unknown ones; <see cref="MemberTable.End"/> when there is none. <paramref name="seen"/> is the structure's own set, zero at first.</summary>
    int Next(MemberTable table, ref uint seen);

    /// <summary>Enters a structure that is a value: its members follow by <see cref="Next"/>, to their end.</summary>
    void BeginStructure();

    /// <summary>Enters a list: its items follow by <see cref="NextItem"/>, to their end.</summary>
    void BeginList();

    /// <summary>Steps to the next item; false behind the last.</summary>
    bool NextItem();

    /// <summary>Enters a map: its entries follow by <see cref="NextEntry"/>, to their end.</summary>
    void BeginMap();

    /// <summary>Steps to the next entry's value; false behind the last.</summary>
    bool NextEntry(out ReadOnlyMemory<byte> key);

    /// <summary>A text, as UTF-8.</summary>
    ReadOnlyMemory<byte> Text();

    /// <summary>A whole number of 32 bits.</summary>
    int Integer();

    /// <summary>The bytes that a base64 text stands for.</summary>
    ReadOnlyMemory<byte> Blob();

    /// <summary>Passes over the value.</summary>
    void Skip();
}

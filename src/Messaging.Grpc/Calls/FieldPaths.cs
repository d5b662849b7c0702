using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>
/// Which fields a patch changes: those of its mask (google.protobuf.FieldMask), or without paths those that are set. A path is a field, one of an object in it ("retry.factor"), or one entry of a map ("tags.team"). A mask that names a
/// field of a oneof and not the one that is set is refused. Pure.
/// </summary>
internal static class FieldPaths
{
    private const string MaskField = "updateMask";

    public static List<string> Of(IMessage definition, FieldMask? mask)
    {
        if (mask is { Paths.Count: > 0 })
        {
            if (mask.Paths.Count > GrpcLimits.MaskPathsMax)
                throw Refusal.Invalid(MaskField, $"Has at most {GrpcLimits.MaskPathsMax} paths.");
            foreach (string path in mask.Paths)
            {
                if (!Exists(definition.Descriptor, path))
                    throw Refusal.Invalid(MaskField, $"\"{Echo.Cut(path)}\" is not a field of the definition.");
                if (Hidden(definition, path) is { } other && !IsNamed(mask, other))
                    throw Refusal.Invalid(MaskField, $"Names \"{Echo.Cut(path)}\", and the definition sets \"{other}\" in its place: name what is set.");
            }
            return [.. mask.Paths.Distinct(StringComparer.Ordinal)];
        }
        var set = new List<string>();
        AddSet(definition, "", set);
        return set.Count <= GrpcLimits.MaskPathsMax ? set : throw Refusal.Invalid("definition", $"A patch changes at most {GrpcLimits.MaskPathsMax} fields and entries of maps.");
    }

    /// <summary>Changes the entry that a path names, or takes it away where the patch has none; the whole map where the path names no entry.</summary>
    public static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> now, MapField<string, string> wire, string? key)
    {
        if (key is null)
            return wire.ToDictionary(StringComparer.Ordinal);
        var merged = now.ToDictionary(StringComparer.Ordinal);
        if (wire.TryGetValue(key, out string? value))
            merged[key] = value;
        else
            merged.Remove(key);
        return merged;
    }

    /// <summary>A path as the field of the definition, and what stands behind its first dot.</summary>
    public static (string Field, string? Inner) Split(string path)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
    }

    private static bool Exists(MessageDescriptor descriptor, string path)
    {
        (string name, string? rest) = Split(path);
        if (descriptor.FindFieldByName(name) is not { } field)
            return false;
        return rest is null || field.IsMap || (field is { FieldType: FieldType.Message, IsRepeated: false } && Exists(field.MessageType, rest));
    }

    // Of a path into a oneof, the field of it that is set where the path names another one: what is set would be left out, or taken for what is named.
    private static string? Hidden(IMessage message, string path)
    {
        (string name, string? rest) = Split(path);
        FieldDescriptor field = message.Descriptor.FindFieldByName(name);
        if (field.RealContainingOneof?.Accessor.GetCaseFieldDescriptor(message) is { } set && set != field)
            return set.Name;
        if (rest is null || field.IsMap || field.Accessor.GetValue(message) is not IMessage inner)
            return null;
        return Hidden(inner, rest) is { } hidden ? $"{name}.{hidden}" : null;
    }

    private static bool IsNamed(FieldMask mask, string path) =>
        mask.Paths.Any(named => named.StartsWith(path, StringComparison.Ordinal) && (named.Length == path.Length || named[path.Length] == '.'));

    private static void AddSet(IMessage message, string prefix, List<string> paths)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            object? value = field.Accessor.GetValue(message);
            string path = prefix + field.Name;
            if (field.IsMap)
                paths.AddRange(from string key in ((System.Collections.IDictionary)value).Keys select $"{path}.{key}");
            else if (field.IsRepeated ? ((System.Collections.IList)value).Count > 0 : IsSet(field, message, value))
                AddField(field, value, path, paths);
        }
    }

    private static void AddField(FieldDescriptor field, object value, string path, List<string> paths)
    {
        int before = paths.Count;
        if (field is { FieldType: FieldType.Message, IsRepeated: false } && value is IMessage inner)
            AddSet(inner, path + ".", paths);
        // An object of which nothing is set is set itself.
        if (paths.Count == before)
            paths.Add(path);
    }

    private static bool IsSet(FieldDescriptor field, IMessage message, object? value) => field.HasPresence
        ? field.Accessor.HasValue(message)
        : value switch
        {
            string text => text.Length > 0,
            ByteString bytes => !bytes.IsEmpty,
            System.Enum word => Convert.ToInt32(word, System.Globalization.CultureInfo.InvariantCulture) != 0,
            IConvertible number => number.ToDouble(System.Globalization.CultureInfo.InvariantCulture) != 0,
            _ => value is not null,
        };
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Deploy.Model.Text;
using Deploy.Tui.State;

namespace Deploy.Tui.Loop;

/// <summary>
/// The state file: the operator's choices as JSON, <c>{"screen":"jobs","filters":{"fleet":"state:failed"},"sorts":{"fleet":"-skew"},"on":["wrap"],"commands":["plan"]}</c>.
/// Members that are not known are passed over, those that are missing have their defaults. Nothing in it is worth a dashboard that does not start.
/// </summary>
internal static class KeptFile
{
    /// <summary>A longer file is none of ours.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Commands of the palette that are kept.</summary>
    private const int MostCommands = 50;

    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnDirectory = OwnFile | UnixFileMode.UserExecute;

    /// <summary>The choices of the last time.</summary>
    /// <returns>Where they cannot be read, defaults and a line that says why; a file that is not there is no trouble.</returns>
    public static (Kept Kept, string? Said) Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[MostBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MostBytes
                ? Nothing(path, "it is too long")
                : (Whole(JsonSerializer.Deserialize(bytes.AsSpan(0, length), KeptJson.Default.Kept)), null);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return (new Kept(), null);
        }
        catch (JsonException)
        {
            return Nothing(path, "it is no file of this dashboard");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Nothing(path, SafeText.Of(error.Message));
        }
    }

    /// <summary>Writes them: a new file beside it, then renamed, so that two dashboards leave the one's or the other's; readable by its owner alone.</summary>
    /// <returns>Why it could not be done, in one line; null where it was.</returns>
    public static string? Write(string path, Kept kept)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(kept with { Commands = [.. kept.Commands.Take(MostCommands)] }, KeptJson.Default.Kept);
        if (bytes.Length > MostBytes)
        {
            return Failed(path, "there is too much of them");
        }

        string? beside = null;
        try
        {
            string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
            Directory.CreateDirectory(directory, OwnDirectory);
            string fresh = Path.Combine(directory, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
            using (var file = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnFile }))
            {
                beside = fresh;
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (beside is not null)
            {
                File.Delete(beside);
            }

            return Failed(path, SafeText.Of(error.Message));
        }
    }

    /// <summary>Without the nulls that JSON may have anywhere: of what is missing, of members, of elements.</summary>
    private static Kept Whole(Kept? read) => new()
    {
        Place = read?.Place,
        Screen = read?.Screen,
        Filters = Whole(read?.Filters),
        Sorts = Whole(read?.Sorts),
        On = [.. (read?.On ?? []).Where(one => one is not null)],
        Commands = [.. (read?.Commands ?? []).Where(one => one is not null).Take(MostCommands)],
    };

    private static Dictionary<string, string> Whole(IReadOnlyDictionary<string, string>? read) =>
        (read ?? new Dictionary<string, string>()).Where(pair => pair.Value is not null).ToDictionary();

    private static (Kept Kept, string? Said) Nothing(string path, string why) => (new Kept(), $"the choices of the last time are lost: {SafeText.Of(path)}: {why}");

    private static string Failed(string path, string why) => $"the choices are not kept: {SafeText.Of(path)}: {why}";
}

/// <summary>The state file as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(Kept))]
internal sealed partial class KeptJson : JsonSerializerContext;

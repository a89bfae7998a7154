using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deploy.Model.Jobs.Json;

/// <summary>A value as its one word: strings alone, exactly the words.</summary>
/// <param name="word">The value's word.</param>
/// <param name="parse">The word's value; null for none.</param>
internal abstract class WordConverter<T>(Func<T, string> word, Func<string, T?> parse) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && parse(reader.GetString()!) is { } value ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(word(value));
}

/// <summary>A ULID.</summary>
internal sealed class JobIdConverter() : WordConverter<JobId>(id => id.ToString(), text => JobId.TryParse(text, out var id) ? id : null);

/// <summary>status, rlist, rsync, rkill, exec.</summary>
internal sealed class OrderConverter() : WordConverter<Order>(order => order.Word(), text => Orders.TryParse(text, out var order) ? order : null);

/// <summary>The words of <see cref="HostStates.Word"/>.</summary>
internal sealed class HostStateConverter() : WordConverter<HostState>(state => state.Word(), text => HostStates.TryParse(text, out var state) ? state : null);

/// <summary>The words of <see cref="JobStates.Word"/>.</summary>
internal sealed class JobStateConverter() : WordConverter<JobState>(state => state.Word(), text => JobStates.TryParse(text, out var state) ? state : null);

/// <summary>stop, continue.</summary>
internal sealed class OnFailureConverter() : WordConverter<OnFailure>(
    on => on == OnFailure.Stop ? "stop" : "continue",
    text => text switch { "stop" => OnFailure.Stop, "continue" => OnFailure.Continue, _ => null });

/// <summary>changes, output.</summary>
internal sealed class ShapeKindConverter() : WordConverter<ShapeKind>(
    kind => kind == ShapeKind.Changes ? "changes" : "output",
    text => text switch { "changes" => ShapeKind.Changes, "output" => ShapeKind.Output, _ => null });

/// <summary>hello, bookmark, job.state, job.summary, host.state, host.progress, host.log, gap, end, host.facts.</summary>
internal sealed class EventTypeConverter() : WordConverter<EventType>(Word, Parse)
{
    /// <summary>Whether it is the word of a kind.</summary>
    public static bool IsKnown(string word) => Parse(word) is not null;

    /// <summary>The word of a kind.</summary>
    public static string Word(EventType type) => type switch
    {
        EventType.Hello => "hello",
        EventType.Bookmark => "bookmark",
        EventType.JobState => "job.state",
        EventType.JobSummary => "job.summary",
        EventType.HostState => "host.state",
        EventType.HostProgress => "host.progress",
        EventType.HostLog => "host.log",
        EventType.Gap => "gap",
        EventType.End => "end",
        EventType.HostFacts => "host.facts",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static EventType? Parse(string text)
    {
        foreach (var type in Enum.GetValues<EventType>())
        {
            if (Word(type) == text)
            {
                return type;
            }
        }

        return null;
    }
}

using System.Text;
using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Modes.Client.Selves;

/// <summary>What a daemon told of itself, or why it did not.</summary>
/// <param name="Host">As it was asked.</param>
internal sealed record SelfAnswer(string Host)
{
    /// <summary>Null where there is an error.</summary>
    public DaemonSelf? Self { get; init; }

    /// <summary>Its clock less ours; the way there and back taken for equally long.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Why there is none, without the host's name; safe to print.</summary>
    public string? Error { get; init; }

    /// <summary>The next step, or null.</summary>
    public string? Hint { get; init; }

    /// <summary>What it alone exits with: 0, 4 (not reached, or a host with another key than the known), 11 or 12 (a proxy with another key, too).</summary>
    public int ExitCode { get; init; }

    private bool IsRefusal => ExitCode is ExitCodes.Refused or ExitCodes.Authentication;

    /// <summary>12 where nobody was let in for want of the right key, 11 where everybody refused; else the hosts' bits, of which a refusal is one.</summary>
    public static int ExitOf(IReadOnlyList<SelfAnswer> all) =>
        all.All(one => one.ExitCode == ExitCodes.Authentication) ? ExitCodes.Authentication
            : all.All(one => one.IsRefusal) ? ExitCodes.Refused
            : all.Aggregate(ExitCodes.Ok, (bits, one) => bits | (one.IsRefusal ? ExitCodes.HostFailed : one.ExitCode));

    /// <summary>A JSON document, indented.</summary>
    public static string Written(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary><c>{"host": …, "self": {…}}</c>, or <c>error</c> and <c>hint</c> in the place of self.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("host", Host);
        if (Self is not null)
        {
            writer.WriteNumber("clock_skew_seconds", Math.Round(Skew.TotalSeconds, 3));
            writer.WritePropertyName("self");
            JsonSerializer.Serialize(writer, Self, V1Json.Default.DaemonSelf);
        }
        else
        {
            writer.WriteString("error", Error);
            writer.WriteString("hint", Hint);
        }

        writer.WriteEndObject();
    }
}

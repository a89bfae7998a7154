using System.Globalization;
using System.Text.Json;
using Deploy.Config.Toml;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.Config.Toml;

/// <summary>The conformance corpus of the TOML community (toml-test), every case of TOML 1.0.0.</summary>
public class TomlCorpusTests
{
    private const string Folder = "toml-test";

    /// <summary>Cases in its list; a corpus with others is another corpus, so look at it.</summary>
    private const int ValidCases = 210;
    private const int InvalidCases = 499;

    private static readonly string Tests = Path.Combine(SharedData.Root, Folder, "tests");

    [SharedDataFact(Folder)]
    public void Every_valid_document_has_the_values_that_the_corpus_says()
    {
        var failures = new List<string>();
        int read = 0;
        foreach (string name in Listed("valid/"))
        {
            read++;
            var document = TomlReader.Parse(name, File.ReadAllBytes(Path.Combine(Tests, name)));
            if (document.Errors.Count > 0)
            {
                failures.Add(string.Join('\n', document.Errors));
                continue;
            }

            using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Tests, Path.ChangeExtension(name, ".json"))));
            Compare(expected.RootElement, document.Root, name, failures);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Equal(ValidCases, read);
    }

    [SharedDataFact(Folder)]
    public void Every_invalid_document_has_an_error_at_a_place_in_it()
    {
        var failures = new List<string>();
        int read = 0;
        foreach (string name in Listed("invalid/"))
        {
            read++;
            byte[] bytes = File.ReadAllBytes(Path.Combine(Tests, name));
            var document = TomlReader.Parse(name, bytes);
            if (document.Errors.Count == 0)
            {
                failures.Add($"{name}: no error");
            }

            failures.AddRange(TomlPlaces.Outside(document, bytes));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Equal(InvalidCases, read);
    }

    /// <summary>Reads the list anew: every line of it is a case of one of the two kinds, and each .toml has its .json.</summary>
    [SharedDataFact(Folder)]
    public void Every_line_of_the_list_is_a_case()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Tests, "files-toml-1.0.0"));
        Assert.Equal(ValidCases, lines.Count(line => line.StartsWith("valid/", StringComparison.Ordinal) && line.EndsWith(".toml", StringComparison.Ordinal)));
        Assert.Equal(ValidCases, lines.Count(line => line.StartsWith("valid/", StringComparison.Ordinal) && line.EndsWith(".json", StringComparison.Ordinal)));
        Assert.Equal(InvalidCases, lines.Count(line => line.StartsWith("invalid/", StringComparison.Ordinal) && line.EndsWith(".toml", StringComparison.Ordinal)));
        Assert.Equal((2 * ValidCases) + InvalidCases, lines.Length);
    }

    private static IEnumerable<string> Listed(string kind) => File.ReadLines(Path.Combine(Tests, "files-toml-1.0.0"))
        .Where(line => line.StartsWith(kind, StringComparison.Ordinal) && line.EndsWith(".toml", StringComparison.Ordinal));

    /// <summary>Compares by the corpus's rules: a scalar is <c>{"type": …, "value": …}</c>, floats are equal by value, moments by meaning.</summary>
    private static void Compare(JsonElement expected, TomlValue actual, string where, List<string> failures)
    {
        bool isEqual = true;
        switch (actual)
        {
            case TomlValue.Table table:
                isEqual = expected.ValueKind == JsonValueKind.Object && expected.EnumerateObject().Count() == table.Entries.Count;
                foreach (var entry in isEqual ? table.Entries : [])
                {
                    if (expected.TryGetProperty(entry.Key.Value, out var child))
                    {
                        Compare(child, entry.Value, $"{where} {entry.Key.Value}", failures);
                    }
                    else
                    {
                        failures.Add($"{where}: no '{entry.Key.Value}' was expected");
                    }
                }

                break;

            case TomlValue.List list:
                isEqual = expected.ValueKind == JsonValueKind.Array && expected.GetArrayLength() == list.Items.Count;
                for (int i = 0; isEqual && i < list.Items.Count; i++)
                {
                    Compare(expected[i], list.Items[i], $"{where} [{i}]", failures);
                }

                break;

            default:
                isEqual = expected.ValueKind == JsonValueKind.Object
                    && IsEqual(actual, expected.GetProperty("type").GetString()!, expected.GetProperty("value").GetString()!);
                break;
        }

        if (!isEqual)
        {
            failures.Add($"{where}: expected {expected.GetRawText()}, read {actual}");
        }
    }

    private static bool IsEqual(TomlValue actual, string type, string value) => (actual, type) switch
    {
        (TomlValue.Text(var text, _), "string") => text == value,
        (TomlValue.Integer(var number, _), "integer") => number == long.Parse(value, CultureInfo.InvariantCulture),
        (TomlValue.Real(var number, _), "float") => number.Equals(Number(value)),
        (TomlValue.Flag(var flag, _), "bool") => flag == (value == "true"),
        (TomlValue.Moment(TomlMomentKind.OffsetDateTime, var moment, _), "datetime") =>
            DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture).EqualsExact(DateTimeOffset.Parse(value, CultureInfo.InvariantCulture)),
        (TomlValue.Moment(TomlMomentKind.LocalDateTime, var moment, _), "datetime-local") =>
            DateTime.Parse(moment, CultureInfo.InvariantCulture) == DateTime.Parse(value, CultureInfo.InvariantCulture),
        (TomlValue.Moment(TomlMomentKind.LocalDate, var moment, _), "date-local") =>
            DateOnly.Parse(moment, CultureInfo.InvariantCulture) == DateOnly.Parse(value, CultureInfo.InvariantCulture),
        (TomlValue.Moment(TomlMomentKind.LocalTime, var moment, _), "time-local") =>
            TimeOnly.Parse(moment, CultureInfo.InvariantCulture) == TimeOnly.Parse(value, CultureInfo.InvariantCulture),
        _ => false,
    };

    private static double Number(string value) => value switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(value, CultureInfo.InvariantCulture),
    };
}

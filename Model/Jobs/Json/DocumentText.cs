using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Deploy.Model.Text;

namespace Deploy.Model.Jobs.Json;

/// <summary>What makes bytes the text of a job's document, before anybody asks what it means: JSON without extras, each member known, there once, and not null.</summary>
/// <remarks>Limits: <see cref="Limits.DocumentBytes"/>, depth 8, UTF-8 without a mark in front. Not taken: comments, commas at an end, lone surrogates, null.</remarks>
internal static class DocumentText
{
    private const int Depth = 8;
    private const int QuotedLetters = 64;

    private static readonly string[] Required = ["id", "order", "hosts"];

    /// <summary>Why these bytes are none; null where they may be read as a <see cref="JobSpec"/>, whose values may still be of a wrong kind.</summary>
    public static Problem? Check(ReadOnlySpan<byte> bytes) => Check(bytes, V1Json.Default.JobSpec, Required);

    /// <summary>The same of another document.</summary>
    /// <param name="bytes">Its text.</param>
    /// <param name="type">Whose members it may have.</param>
    /// <param name="required">The members that it must have.</param>
    public static Problem? Check(ReadOnlySpan<byte> bytes, JsonTypeInfo type, string[] required)
    {
        if (bytes.Length > Limits.DocumentBytes)
        {
            return new Problem(ProblemTypes.TooLarge, 413, "too large", $"a job document has at most {Limits.DocumentBytes} bytes, this one has {bytes.Length}")
            {
                Hint = "hosts fold: web-[001-400]",
            };
        }

        if (!Utf8.IsValid(bytes))
        {
            return NoJson("its text is not UTF-8");
        }

        try
        {
            return Walk(bytes, type, required);
        }
        catch (JsonException e)
        {
            return NoJson($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: no JSON, or what this document takes none of: comments, commas at an end, more than {Depth} levels");
        }
        catch (InvalidOperationException)
        {
            return NoJson("a text in it holds half of a character (a lone surrogate)"); // the reader's word for it
        }
    }

    private static Problem? Walk(ReadOnlySpan<byte> bytes, JsonTypeInfo type, string[] required)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Depth });
        var open = new Stack<Level>();
        string member = string.Empty;
        HashSet<string>? top = null;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new Level(new HashSet<string>(StringComparer.Ordinal), open.Count == 0 ? Members(type) : open.Count == 1 && member == "rollout" ? Members(V1Json.Default.RolloutSpec) : null));
                    top ??= open.Peek().Seen;
                    break;
                case JsonTokenType.PropertyName:
                    member = reader.GetString()!;
                    var (seen, known) = open.Peek();
                    if (!seen.Add(member))
                    {
                        return NoJson($"the member {Quoted(member)} stands in it twice");
                    }

                    if (known?.Contains(member) == false)
                    {
                        return new Problem(ProblemTypes.Upgrade, 422, "not known here", $"upgrade the agent: it does not know the member {Quoted(member)}{(open.Count > 1 ? " of rollout" : string.Empty)}")
                        {
                            Hint = "or the name is misspelt; GET /v1/openapi.json says what is known here",
                        };
                    }

                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.Null:
                    return NoJson($"{(open.Count == 0 ? "it is null" : $"the member {Quoted(member)} is, or holds, null: leave out what is not used")}");
                case JsonTokenType.String:
                    reader.GetString(); // throws for half a character
                    break;
            }
        }

        if (top is null)
        {
            return NoJson("it is no object");
        }

        return Array.Find(required, name => !top.Contains(name)) is { } missing ? SpecRules.Broken(missing, "is missing") : null;
    }

    private static HashSet<string> Members(JsonTypeInfo type) => type.Properties.Where(property => property.Get is not null).Select(property => property.Name).ToHashSet(StringComparer.Ordinal);

    private static Problem NoJson(string what) => new(ProblemTypes.BadRequest, 400, "no job document", $"the body is no job document: {what}");

    /// <summary>A member's name, safe and short.</summary>
    private static string Quoted(string name) => $"'{SafeText.Of(name, QuotedLetters)}'";

    /// <param name="Seen">The names that came.</param>
    /// <param name="Known">The names that may come; null for any.</param>
    private readonly record struct Level(HashSet<string> Seen, HashSet<string>? Known);
}

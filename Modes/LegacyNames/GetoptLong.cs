using Deploy.Model.Text;

namespace Deploy.Modes.LegacyNames;

/// <summary>An option of a legacy command line.</summary>
/// <param name="Name">Without dashes, lower case.</param>
/// <param name="TakesValue">Whether a value follows.</param>
/// <param name="Exact">Must be written out; for options that the original did not have, so that its prefixes stay unique.</param>
internal sealed record GetoptOption(string Name, bool TakesValue = true, bool Exact = false);

/// <summary>What a legacy command line came to.</summary>
/// <param name="Values">By option name; a flag's value is <c>1</c>, the last of equal options counts.</param>
/// <param name="Rest">Arguments that are no options.</param>
/// <param name="Warnings">What Perl would have warned of, in its words.</param>
internal sealed record GetoptResult(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Rest, IReadOnlyList<string> Warnings);

/// <summary>
/// Perl's Getopt::Long as the original programs used it, with its defaults: <c>--opt=v</c>, <c>--opt v</c>, <c>-opt v</c>, <c>+opt</c>, any case, unique
/// prefixes, options and other arguments mixed, <c>--</c> ends. Mistakes are warnings, and it goes on.
/// </summary>
/// <remarks>Reference: Getopt::Long 2.52 of Perl 5.36; the tests hold what that printed.</remarks>
internal sealed class GetoptLong(IReadOnlyList<GetoptOption> options)
{
    /// <summary>Reads arguments; never throws.</summary>
    public GetoptResult Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = new List<string>();
        var warnings = new List<string>();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                rest.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument == "+")
            {
                warnings.Add("Missing option after +"); // a lone - is an argument, a lone + is not
                continue;
            }

            int dashes = Dashes(argument);
            if (dashes == 0)
            {
                rest.Add(argument);
                continue;
            }

            string word = argument[dashes..];
            int equals = word.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? at : -1;
            string? value = equals > 0 ? word[(equals + 1)..] : null;
            string typed = (equals > 0 ? word[..equals] : word).ToLowerInvariant();
            if (Find(typed, warnings) is not { } option)
            {
                continue;
            }

            if (!option.TakesValue)
            {
                if (value is not null)
                {
                    warnings.Add($"Option {option.Name} does not take an argument");
                    continue;
                }

                values[option.Name] = "1";
            }
            else if (value is { Length: > 0 })
            {
                values[option.Name] = value;
            }
            else if (value is null && i + 1 < arguments.Count)
            {
                values[option.Name] = arguments[++i];
            }
            else
            {
                warnings.Add($"Option {option.Name} requires an argument");
            }
        }

        return new GetoptResult(values, rest, warnings);
    }

    private GetoptOption? Find(string typed, List<string> warnings)
    {
        if (options.FirstOrDefault(option => option.Name == typed) is { } exact)
        {
            return exact;
        }

        var longer = options.Where(option => !option.Exact && option.Name.StartsWith(typed, StringComparison.Ordinal)).ToList();
        if (longer.Count == 1)
        {
            return longer[0];
        }

        warnings.Add(longer.Count == 0
            ? $"Unknown option: {Shown(typed)}"
            : $"Option {Shown(typed)} is ambiguous ({string.Join(", ", longer.Select(option => option.Name).Order(StringComparer.Ordinal))})");
        return null;
    }

    /// <summary>Length of what starts an option: 2 for <c>--</c>, 1 for <c>-</c> and <c>+</c>, 0 for an argument.</summary>
    private static int Dashes(string argument)
    {
        int dashes = argument.StartsWith("--", StringComparison.Ordinal) ? 2 : argument.StartsWith('-') || argument.StartsWith('+') ? 1 : 0;
        return dashes < argument.Length ? dashes : 0;
    }

    private static string Shown(string typed) => SafeText.Of(typed);
}

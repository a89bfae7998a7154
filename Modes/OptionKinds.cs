using System.CommandLine;
using System.Globalization;
using System.Net;
using Deploy.Logs;
using Deploy.Model.Text;
using Deploy.Modes.Binding;
using Deploy.Modes.Binding.Toml;

namespace Deploy.Modes;

/// <summary>The value of a switch.</summary>
internal enum OnOff
{
    Off,
    On,
}

/// <summary>Options by what their value is. A value that is none is a mistake that names the option, what it takes and what was given.</summary>
internal static class OptionKinds
{
    /// <summary>True where an option was given on the command line.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Any text but none.</summary>
    public static Option<string?> Text(string name, string helpName, string description, params string[] aliases)
    {
        var option = new Option<string?>(name, aliases) { HelpName = helpName, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError($"{name} is empty: give a value, or leave it out");
            }
        });
        return option;
    }

    /// <summary>A whole number in a range.</summary>
    public static Option<int?> Number(string name, string helpName, string description, int least, int most) => Of<int?>(
        name, helpName, description, $"a whole number from {least} to {most}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null);

    /// <summary>Whole seconds in a range.</summary>
    public static Option<TimeSpan?> Seconds(string name, string description, int least, int most) => Of<TimeSpan?>(
        name, "SECONDS", description, $"a whole number from {least} to {most}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? TimeSpan.FromSeconds(number) : null);

    /// <summary>A time with its unit, or whole seconds; from a second to a week.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => Of<TimeSpan?>(
        name, "TIME", description, "a time from 1s to 7d, e.g. 90s or 1h30m",
        text => (text.All(char.IsAsciiDigit) ? Quantities.TryDuration(text + "s", out var time) : Quantities.TryDuration(text, out time)) && time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromDays(7) ? time : null);

    /// <summary>Yes or no as a value, in any case: the words of the original's INI files. (Of a <c>bool</c> the parser takes true and false alone.)</summary>
    public static Option<OnOff?> Switch(string name, string description) => Of<OnOff?>(
        name, "on|off", description, "on or off",
        text => text.ToLowerInvariant() switch { "on" or "true" or "1" => OnOff.On, "off" or "false" or "0" or "no" => OnOff.Off, _ => null });

    /// <summary>An address of this host.</summary>
    public static Option<IPAddress?> Address(string name, string description) => Of(name, "ADDRESS", description, "an IP address", ListenAddress.ParseAddress);

    /// <summary>A level by name or number.</summary>
    public static Option<LogLevel?> Level(string name, string description) => Of<LogLevel?>(name, "LEVEL", description, LogLevels.Known, text => LogLevels.Parse(text));

    /// <summary>Whatever a text can be turned into.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="helpName">What stands for the value in the help.</param>
    /// <param name="description">For the help.</param>
    /// <param name="takes">What a value is, for the mistake: <c>--name takes …</c>.</param>
    /// <param name="parse">Null for what is none.</param>
    public static Option<T?> Of<T>(string name, string helpName, string description, string takes, Func<string, T?> parse) => new(name)
    {
        HelpName = helpName,
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = argument =>
        {
            if (argument.Tokens is not [var given])
            {
                return default; // no value: the parser says so itself
            }

            if (parse(given.Value) is { } value)
            {
                return value;
            }

            argument.AddError($"{name} takes {takes}, not '{SafeText.Of(given.Value)}'");
            return default;
        },
    };
}

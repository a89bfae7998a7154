using System.Globalization;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Jobs;

namespace Deploy.Tui.Wishes;

/// <summary>The command line that does the same as a wish, for people who want it in a script or want to see what they confirm.</summary>
internal static class WishCommand
{
    private const string HostsOption = " --hosts ";

    /// <summary>One line for a shell.</summary>
    /// <param name="wish">What.</param>
    /// <param name="option">What the dashboard was started with, with a blank in front: <see cref="State.TuiSetup.Option"/>.</param>
    public static string Of(JobWish wish, string option)
    {
        List<string> words = [];
        if (wish is { Again: { } again, AgainStates: { } states })
        {
            words.AddRange(["retry", again.ToString(), .. states.Select(state => "--" + state.Word())]);
            Add("--allow-delete", wish.AllowDelete);
            Add("--reason", wish.Reason);
            return Line(words, ActCommand.Via(option), []);
        }

        string[] what = wish.Order == Order.Exec ? [wish.Command ?? string.Empty, .. wish.Arguments ?? []] : wish.Group is { } group ? [group] : [wish.Origin ?? string.Empty, wish.Target ?? string.Empty];
        bool hasDash = what.Any(word => word.StartsWith('-')); // such words stand behind --, and so behind all else
        words.AddRange([wish.IsPlan ? "plan" : wish.Order.Word(), .. hasDash ? [] : what]);
        List<string> behind = ["--hosts", HostFold.Fold(Ported(wish.Hosts, option))];
        words = [.. words];
        Add("--plan", wish.OfPlan?.ToString());
        Add("--allow-delete", wish.AllowDelete);
        foreach (var (name, value) in Rollout(wish.Rollout))
        {
            Add(name, value);
        }

        if (wish.Rollout?.HealthCheck == false)
        {
            words.Add("--no-health-check");
        }

        Add("--host-timeout", wish.HostTimeoutSeconds is { } seconds ? Seconds(seconds) : null);
        Add("--reason", wish.Order is Order.Rsync or Order.Exec || wish.IsPlan ? wish.Reason : null);
        return Line(words, ActCommand.Via(option), hasDash ? [.. behind, "--", .. what] : behind);

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
                words.AddRange(text.StartsWith('-') ? [$"{name}={text}"] : [name, text]); // a value that looks like an option
            }
        }
    }

    private static string Line(List<string> words, string via, List<string> behind) =>
        "deploy client " + ShellQuote.Line(words) + via + (behind.Count > 0 ? " " + ShellQuote.Line(behind) : string.Empty);

    private static IEnumerable<(string Name, object? Value)> Rollout(RolloutSpec? rollout) =>
    [
        ("--max-parallel", rollout?.MaxParallel),
        ("--batches", rollout?.Batches),
        ("--canary", rollout?.Canary),
        ("--max-failures", rollout?.MaxFailures),
        ("--pause-after", rollout?.PauseAfter),
        ("--on-failure", rollout?.OnFailure switch { null => null, OnFailure.Stop => "stop", _ => "continue" }),
        ("--deadline", rollout?.DeadlineSeconds is { } seconds ? Seconds(seconds) : null),
    ];

    private static string Seconds(int seconds) => seconds.ToString(CultureInfo.InvariantCulture) + "s";

    /// <summary>The hosts with the ports under which the dashboard asks them: its own list has them, the jobs have not.</summary>
    private static IEnumerable<string> Ported(IReadOnlyList<string> hosts, string option)
    {
        if (!option.StartsWith(HostsOption, StringComparison.Ordinal)
            || !HostExpression.TryParse(option[HostsOption.Length..].Trim('\'', ' '), ports: true, out var expression, out _)
            || !expression.TryResolve(_ => null, out var set, out _))
        {
            return hosts;
        }

        var ports = set.Where(host => HostName.Split(host).Port > 0).GroupBy(host => HostName.Split(host).Address, HostName.Comparer).ToDictionary(same => same.Key, same => same.First(), HostName.Comparer);
        return hosts.Select(host => ports.GetValueOrDefault(host, host));
    }
}

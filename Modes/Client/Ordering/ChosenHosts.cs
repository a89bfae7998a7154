using System.Globalization;
using System.Security.Cryptography;
using Deploy.Jobs.Rollouts;
using Deploy.Model;
using Deploy.Model.Hosts;
using Deploy.Model.Hosts.Choosing;
using Deploy.Model.Text;
using Deploy.Modes.Client.Journal;

namespace Deploy.Modes.Client.Ordering;

/// <summary>The hosts of a job, frozen: names alone, each once, in their natural order.</summary>
/// <param name="Names">Without ports.</param>
/// <param name="Ports">Of those that name one.</param>
/// <param name="Seed">What they were picked with; null where they were not.</param>
internal sealed record ChosenHosts(IReadOnlyList<string> Names, IReadOnlyDictionary<string, int> Ports, int? Seed)
{
    /// <summary>Folded.</summary>
    public string Folded => HostFold.Fold(Names);

    /// <summary>Reads and resolves what the command line says.</summary>
    /// <exception cref="UserError">It says no hosts, or has a mistake.</exception>
    public static async Task<ChosenHosts> OfAsync(HostWords words, JobPlace place, CancellationToken cancellationToken)
    {
        if (words.NamesNone)
        {
            throw new UserError("no hosts", ExitCodes.Usage, "say whom to ask, e.g. --hosts web-001,web-002");
        }

        var found = new HostSets(place);
        var named = HostSet.Empty;
        foreach (var (option, text) in ((string, string?)[])[("--group", words.Group is null ? null : "@" + words.Group), ("--hosts", words.Hosts)])
        {
            if (text is not null)
            {
                named = await ResolveAsync(option, text, named, found, cancellationToken).ConfigureAwait(false);
            }
        }

        if (named.Count == 0)
        {
            throw new UserError("no host is left to ask", ExitCodes.Usage, "see what '!' leaves out, what '&' keeps of those before it, and who stands in the group or the job");
        }

        return Chosen(words, named);
    }

    /// <summary>The hosts themselves, e.g. those of a plan or of another job.</summary>
    public static ChosenHosts Chosen(HostWords words, IReadOnlyCollection<string> named)
    {
        var (names, ports) = Parted(named);
        if (words.Limit is { } limit)
        {
            if (!Portion.TryParse(limit, out var portion) || portion.Value < 1)
            {
                throw new UserError($"--limit takes a number of hosts from 1, or 1% to 100%, not '{SafeText.Of(limit)}'", ExitCodes.Usage);
            }

            names = [.. names.Take(portion.Of(names.Count))];
        }

        if (words is { Pick: null, Seed: not null })
        {
            throw new UserError("--seed without --pick", ExitCodes.Usage, "it says which hosts --pick N picks");
        }

        int? seed = words.Pick is null ? null : words.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        return new ChosenHosts(words.Pick is { } pick ? HostPick.Of(names, pick, seed!.Value) : names, ports, seed);
    }

    private static async Task<HostSet> ResolveAsync(string option, string text, HostSet before, HostSets found, CancellationToken cancellationToken)
    {
        // What --hosts leaves out or keeps may be of --group: that stands before it then.
        string context = before.Count > 0 ? "@-," : string.Empty;
        if (!HostExpression.TryParse(context + text, found.Place.TakesPorts, out var expression, out var mistake))
        {
            throw Mistake(mistake);
        }

        found.Before = before;
        await found.FetchAsync(expression, cancellationToken).ConfigureAwait(false);
        if (!expression.TryResolve(found.Find, out var named, out mistake))
        {
            throw Mistake(mistake);
        }

        return HostAddress.LeavesNothingOut(expression, found.Find) is { } idle
            ? throw new UserError($"{option}, character {idle.Term.Offset + 1 - context.Length}: '{SafeText.Of(idle.Host)}' is left out and does not stand before it", ExitCodes.Usage, "a name must be written as it stands there: !web-7 is not web-07")
            : named;

        UserError Mistake(HostMistake mistake) => mistake.Unknown is { } reference
            ? new UserError($"{option}: {reference} is not known at {found.Place.Name}", ExitCodes.Usage, reference is GroupReference ? "its groups stand in its configuration" : $"see deploy client jobs{found.Place.Option}")
            : new UserError(string.Create(CultureInfo.InvariantCulture, $"{option}, character {Math.Max(0, mistake.Offset - context.Length) + 1}: {mistake.What}"), ExitCodes.Usage, mistake.Expected);
    }

    /// <summary>A job's list has no ports: they stand beside it.</summary>
    private static (IReadOnlyList<string> Names, IReadOnlyDictionary<string, int> Ports) Parted(IReadOnlyCollection<string> named)
    {
        var ports = new Dictionary<string, int>(HostName.Comparer);
        foreach (string host in named)
        {
            var (name, port) = HostName.Split(host);
            HostAddress.RefuseOddNumbers(name, "--hosts", ExitCodes.Usage);
            if (!ports.TryAdd(name, port) && ports[name] != port)
            {
                throw new UserError($"'{SafeText.Of(name)}' is named with two ports", ExitCodes.Usage, "a job knows its hosts by their names: give each order one of them");
            }
        }

        return ([.. ports.Keys.Order(HostOrder.Natural)], ports.Where(port => port.Value > 0).ToDictionary(port => port.Key, port => port.Value, HostName.Comparer));
    }
}

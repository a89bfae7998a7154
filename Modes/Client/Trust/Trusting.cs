using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Pins;
using Deploy.Output;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;

namespace Deploy.Modes.Client.Trust;

/// <summary>Does what <c>deploy client trust</c> is asked for, and says it.</summary>
/// <param name="places">The files of known keys; the first is written.</param>
/// <param name="terminal">Where it is said and asked.</param>
/// <param name="time">The clock.</param>
/// <param name="json">Whether what came of it is printed as JSON.</param>
internal sealed class Trusting(KnownAgentsPlaces places, Terminal terminal, TimeProvider time, bool json)
{
    private readonly List<TrustResult> results = [];
    private readonly KnownAgentsEdit edit = new(places.Files[0], time);

    /// <summary>Prints what is known, file by file.</summary>
    public Task<int> ListAsync(TrustAsk ask)
    {
        var missing = ask.Hosts.ToList();
        foreach (var known in places.Read().SelectMany(file => file.All))
        {
            var wanted = ask.Hosts.Where(host => known.Is(host.Address, host.Port) || known.Is(host.Name, host.Port)).ToList();
            if (ask.Hosts.Count == 0 || wanted.Count > 0)
            {
                missing.RemoveAll(wanted.Contains);
                Add(new TrustResult(known.Name, known.Port, "known", known.Pin, known.Next), $"{known}  {known.Place}", ExitCodes.Ok);
            }
        }

        foreach (var host in missing)
        {
            Add(new TrustResult(host.Address, host.Port, "unknown"), $"{Shown(host)}: its key is not known", ExitCodes.Failed, isError: true);
        }

        return Task.FromResult(End());
    }

    /// <summary>Forgets hosts.</summary>
    public async Task<int> RemoveAsync(TrustAsk ask, CancellationToken cancellationToken)
    {
        foreach (var host in ask.Hosts)
        {
            KnownAgent? known = null;
            await edit.ChangeAsync(file => (known = file.All.FirstOrDefault(one => one.Is(host.Address, host.Port))) is null ? file : file.Without(known), cancellationToken).ConfigureAwait(false);
            Add(
                new TrustResult(host.Address, host.Port, known is null ? "unknown" : "removed", known?.Pin),
                known is null ? $"{Shown(host)} is not in {SafeText.Of(edit.Path)}" : $"{Shown(host)}: its key is not known any more",
                known is null ? ExitCodes.Failed : ExitCodes.Ok,
                isError: known is null);
        }

        return End();
    }

    /// <summary>Takes a second key of a host that is known.</summary>
    public async Task<int> PlanAsync(TrustAsk ask, CancellationToken cancellationToken)
    {
        var host = ask.Hosts[0];
        KnownAgent? known = null;
        await edit.ChangeAsync(
            file => (known = file.All.FirstOrDefault(one => one.Is(host.Address, host.Port))) is null
                ? throw new UserError($"{Shown(host)} is not in {SafeText.Of(edit.Path)}", ExitCodes.Failed, $"trust the key first that it has: {places.Trust(host.Address, host.Port)}")
                : file.With(known with { Next = ask.Next }),
            cancellationToken).ConfigureAwait(false);
        Add(new TrustResult(host.Address, host.Port, "planned", known!.Pin, ask.Next), $"{Shown(host)}: its next key is taken too, from when it has it", ExitCodes.Ok);
        return End();
    }

    /// <summary>Reads the keys that hosts show, and takes those that are right.</summary>
    public async Task<int> TrustAsync(TrustAsk ask, CancellationToken cancellationToken)
    {
        var reading = new KeyReading(time);
        foreach (var host in ask.Hosts)
        {
            var peer = new V1Peer(host.Address, host.Address, host.Port);
            try
            {
                await TrustAsync(ask, host, peer, await reading.ReadAsync(peer, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
            catch (V1Failure failure)
            {
                Add(new TrustResult(host.Address, host.Port, "unreachable"), failure.Message, ExitCodes.HostUnreachable, isError: true);
            }
        }

        return End();
    }

    private async Task TrustAsync(TrustAsk ask, HostAddress host, V1Peer peer, Pin shown, CancellationToken cancellationToken)
    {
        var known = places.Read().Select(file => file.Find(host.Name, host.Address, host.Port)).FirstOrDefault(one => one is not null);
        if (ask.Pin is { } must && !must.Equals(shown))
        {
            Say($"  given  {must}");
            Say($"  shown  {shown}");
            Add(new TrustResult(host.Address, host.Port, "other key", shown), $"{Shown(host)} shows another key than that pin: it is not taken. Either the pin is another host's, or somebody is in between", ExitCodes.Authentication, isError: true);
        }
        else if (known is not null && known.Pin.Equals(shown))
        {
            Add(new TrustResult(host.Address, host.Port, "known", shown, known.Next), $"{Shown(host)}: its key is known already, {known.Place}", ExitCodes.Ok);
        }
        else if (known is not null && !shown.Equals(known.Next) && !ask.Replaces)
        {
            foreach (string line in ChangedKey.Banner(peer, known, shown, places.Trust(host.Address, host.Port, ChangedKey.Replacing)))
            {
                Say(line);
            }

            Add(new TrustResult(host.Address, host.Port, "other key", shown), $"{Shown(host)}: its key has changed, and is not taken without --replace", ExitCodes.Authentication, isError: true);
        }
        else if (ask.Pin is not null || Confirms(host, known, shown))
        {
            await edit.ChangeAsync(file => file.With((file.All.FirstOrDefault(one => one.Is(host.Address, host.Port)) ?? new KnownAgent(host.Address, host.Address, host.Port, shown)) with { Pin = shown, Next = null }), cancellationToken).ConfigureAwait(false);
            Add(new TrustResult(host.Address, host.Port, known is null ? "added" : "replaced", shown), $"{Shown(host)}: {shown} is its key from here on, {SafeText.Of(edit.Path)}", ExitCodes.Ok);
        }
        else
        {
            string hint = terminal.Input is null ? $"; there is no terminal to ask: give its pin, {places.Trust(host.Address, host.Port)} PIN" : string.Empty;
            Add(new TrustResult(host.Address, host.Port, "refused", shown), $"{Shown(host)}: its key was not taken{hint}", ExitCodes.Refused, isError: true);
        }
    }

    /// <summary>Shows the key and asks; anything but yes is no.</summary>
    private bool Confirms(HostAddress host, KnownAgent? known, Pin shown)
    {
        if (known is not null)
        {
            Say($"{Shown(host)} has another key than the one that is known:");
            Say($"  known  {known.Pin}  ({known.Place})");
        }
        else
        {
            Say($"{Shown(host)} is not known yet. Compare this with what the host prints itself: deploy agent --print-pin, or deploy proxy --print-pin");
        }

        Say($"  shown  {shown}");
        if (terminal.Input is not { } input)
        {
            return false;
        }

        terminal.Error.Write("Is that its key? [y/N] ");
        return input.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private void Say(string line) => terminal.Error.WriteLine(line);

    private void Add(TrustResult result, string line, int exitCode, bool isError = false)
    {
        results.Add(result with { ExitCode = exitCode });
        if (isError)
        {
            terminal.WriteError(line);
        }
        else if (!json)
        {
            terminal.Out.WriteLine(line);
        }
    }

    /// <summary>The worst that came: a key that is wrong before one that was not taken, before what could not be asked.</summary>
    private int End()
    {
        if (json)
        {
            terminal.Out.WriteLine(TrustResult.Json(results));
        }

        if (places.Reloading is { } reload && results.Any(result => result.State is "added" or "replaced" or "planned" or "removed"))
        {
            terminal.WriteHint(reload);
        }

        return new[] { ExitCodes.Authentication, ExitCodes.Refused, ExitCodes.HostUnreachable, ExitCodes.Failed }.FirstOrDefault(code => results.Any(result => result.ExitCode == code));
    }

    private static string Shown(HostAddress host) => SafeText.Of(KnownAgentsPlaces.Shown(host.Address, host.Port));
}

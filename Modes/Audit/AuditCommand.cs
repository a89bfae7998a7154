using System.CommandLine;
using System.Globalization;
using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Binding.Toml;
using Deploy.Output;
using Deploy.Security.Audit;

namespace Deploy.Modes.Audit;

/// <summary><c>deploy audit</c>: who ordered what of a daemon, and whether its records are as they were written.</summary>
internal static class AuditCommand
{
    /// <summary>The command, to be put under the root; its help goes to <paramref name="pages"/>.</summary>
    public static Command Create(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages)
    {
        var command = new Command("audit", "Show what was ordered of a daemon and by whom, or verify that no record was changed.") { Show(terminal, time, pages), Verify(terminal, pages) };
        pages[command] = new HelpPage("deploy audit show|verify [OPTION...] [FILE...]")
        {
            Examples = [("deploy audit show --since 1d --refused", "what was refused since yesterday"), ("deploy audit verify", "is every record as it was written, and is none missing?")],
        };
        return command;
    }

    private static Argument<string[]> Files() => new("FILE") { Description = "audit logs, oldest first; none means those of the one daemon on this host that has some", Arity = ArgumentArity.ZeroOrMore };

    private static Option<string?> StateDirectory() => OptionKinds.Text("--state-dir", "DIR", "those of the daemon that keeps its state there");

    private static Command Show(Terminal terminal, TimeProvider time, Dictionary<Command, HelpPage> pages)
    {
        var (files, directory) = (Files(), StateDirectory());
        var since = OptionKinds.Text("--since", "TIME", "records from then on: a time ago, e.g. 90m or 2d, or a date, e.g. 2026-11-23 or 2026-11-23T08:00Z (UTC)");
        var who = OptionKinds.Text("--who", "NAME", "of this operator, API key or proxy, by name or by the key's fingerprint, or of: operator, proxy, api-key, legacy, unsigned, unknown");
        var refused = new Option<bool>("--refused") { Description = "what was refused alone" };
        var json = new Option<bool>("--json") { Description = "print the records as they are, one JSON document a line" };
        var command = new Command("show", "Show what was ordered, of whom it came, and what was refused and why.") { files, directory, since, who, refused, json };
        command.SetAction(parsed =>
        {
            var view = new AuditView(terminal, parsed.GetValue(json))
            {
                Since = parsed.GetValue(since) is { } text ? Moment(text, time.GetUtcNow()) : null,
                Who = parsed.GetValue(who),
                RefusedAlone = parsed.GetValue(refused),
            };
            string[] named = parsed.GetValue(files) ?? [];
            AuditSources.Read(named, AuditSources.Directory(named, parsed.GetValue(directory)), view.Show);
            return ExitCodes.Ok;
        });
        pages[command] = new HelpPage("deploy audit show [OPTION...] [FILE...]")
        {
            Groups = [new HelpGroup("Options", [directory, since, who, refused, json])],
            Examples =
            [
                ("deploy audit show --since 2h", "what was ordered of this host's daemon in two hours"),
                ("deploy audit show --who alice --refused", "what alice was not allowed"),
                ("deploy audit show --state-dir /var/lib/deploy/proxy --json", "all of the proxy's records, for programs"),
            ],
        };
        return command;
    }

    private static Command Verify(Terminal terminal, Dictionary<Command, HelpPage> pages)
    {
        var (files, directory) = (Files(), StateDirectory());
        var head = OptionKinds.Of<string?>("--head", "HASH", "a record that has to be there, by the hash that the daemon told: hourly in its log, and in GET /v1/self; what is cut off shows by it also where audit.head beside the log was changed too", "a SHA-256, 64 hexadecimal digits", text => text.Length == AuditLine.NoHash.Length && text.All(char.IsAsciiHexDigit) ? text : null);
        var command = new Command("verify", "Verify that every record is as it was written, and that none is missing between them.") { files, directory, head };
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetValue(files) ?? [];
            string? state = AuditSources.Directory(named, parsed.GetValue(directory));
            var kept = state is null ? null : AuditHeadFile.Read(state); // first: the log goes on meanwhile
            using var chain = new AuditChain(parsed.GetValue(head), kept);
            int count = AuditSources.Read(named, state, chain.Read);
            return Tell(terminal, chain.Verdict(), (count, state is null, kept is not null), parsed.GetValue(head));
        });
        pages[command] = new HelpPage("deploy audit verify [OPTION...] [FILE...]")
        {
            Groups = [new HelpGroup("Options", [directory, head])],
            Examples =
            [
                ("deploy audit verify", "the records of this host's daemon; exit code 12 where they are not as written"),
                ("deploy audit verify --head $(journalctl -u deploy-agent -g 'audit:' -n 1 -o cat | grep -o '[0-9a-f]*$')", "none was cut off behind, either"),
                ("deploy audit verify saved/audit.*.ndjson saved/audit.ndjson", "files that were copied, oldest first"),
            ],
        };
        return command;
    }

    private static int Tell(Terminal terminal, AuditVerdict verdict, (int Count, bool AreNamed, bool HaveHead) files, string? head)
    {
        if (verdict is AuditVerdict.Broken broken)
        {
            terminal.WriteError($"{SafeText.Of(broken.File)}:{broken.Line}: {SafeText.Of(broken.What)}", "the records before that line are as they were written; those behind it prove nothing");
            return ExitCodes.Authentication;
        }

        var whole = (AuditVerdict.Whole)verdict;
        if (head is not null && whole.Found is null)
        {
            terminal.WriteError($"no record has the hash {head}: the records are in order, but the last ones were cut off, or all were written anew", "is that the head of this daemon, and are its older files here?");
            return ExitCodes.Authentication;
        }

        if (whole.First > 1 && !files.AreNamed && files.Count < Limits.AuditFiles)
        {
            terminal.WriteError($"records 1 to {whole.First - 1} are missing: files go only where there are more than {Limits.AuditFiles}, and {files.Count} {(files.Count == 1 ? "is" : "are")} here", "look for the files that were moved away or deleted, and for who did it");
            return ExitCodes.Authentication;
        }

        terminal.Out.WriteLine(whole.Head.Seq == 0 ? "no records" : $"ok: records {whole.First} to {whole.Head.Seq} in {files.Count} {(files.Count == 1 ? "file" : "files")}, head {whole.Head.Hash}");
        foreach (string note in Notes(whole, files.AreNamed, files.HaveHead))
        {
            terminal.Out.WriteLine("note: " + note);
        }

        return ExitCodes.Ok;
    }

    private static IEnumerable<string> Notes(AuditVerdict.Whole whole, bool areNamed, bool haveHead)
    {
        if (whole.First > 1)
        {
            yield return $"records 1 to {whole.First - 1} are not here: {(areNamed ? "they are in older files, which were not named" : $"their files were too old to be kept, {Limits.AuditFiles} are")}";
        }

        if (whole.Head.Seq > 0 && whole.Found is null && !haveHead)
        {
            yield return $"whether the last ones were cut off is not known: {(areNamed ? $"files were named, and no head; --head HASH, or the state directory with its {AuditHeadFile.Name}" : $"there is no {AuditHeadFile.Name}, which the daemon keeps beside them; --head HASH")}";
        }

        if (whole.Found is { } found && found < whole.Head.Seq)
        {
            yield return $"the head that was asked for is record {found}; {whole.Head.Seq - found} came since";
        }

        if (whole.Closed > 0)
        {
            yield return $"{whole.Closed} times a kill left a part of a record, and the next start closed it";
        }

        if (whole.TornBytes > 0)
        {
            yield return $"{whole.TornBytes} bytes behind the last record are none: one is being written, or a kill left them, and the next start closes them";
        }

        if (whole.Omitted > 0)
        {
            yield return $"{whole.Omitted} records were not written, and others say so: a flood of refusals, or a full disk";
        }
    }

    private static DateTimeOffset Moment(string text, DateTimeOffset now) =>
        Quantities.TryDuration(text, out var ago) && ago < now - DateTimeOffset.UnixEpoch ? now - ago
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : throw new UserError($"--since takes a time ago or a date, not '{SafeText.Of(text)}'", ExitCodes.Usage, "e.g. --since 2h, --since 7d, --since 2026-11-23");
}

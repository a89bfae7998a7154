using Deploy.Config;
using Deploy.Config.Ini;

namespace Deploy.Modes.Binding.Ini;

/// <summary>Loads an INI file for binding.</summary>
internal static class IniFile
{
    /// <summary>The document in this file; null after reporting why there is none.</summary>
    public static IniDocument? Load(string path, Func<string, FileContent> read, ConfigReport report)
    {
        switch (read(path))
        {
            case FileContent.Read content:
                return Parse(path, content, report, mayQuote: true);
            case FileContent.Unreadable(var why):
                report.Error(Position.Whole(path), $"cannot be read: {why}");
                return null;
            default:
                throw new InvalidOperationException("not a FileContent");
        }
    }

    /// <summary>The path of a file to be read, a relative one below the directory of the file that names it: the daemon's own directory may be another, and is / in the background.</summary>
    public static Positioned<string>? Beside(Positioned<string>? path) => path is { Value.Length: > 0 } given
        ? new Positioned<string>(Path.Combine(Path.GetDirectoryName(given.Position.File) ?? "/", given.Value), given.Position)
        : path;

    /// <summary>A file that another one names; null where there is none. One that cannot be read is a warning: the original's daemons started all the same.</summary>
    /// <param name="path">The value that names it, or null.</param>
    /// <param name="what">What it is: <c>jobs file</c>.</param>
    /// <param name="without">What follows where it cannot be read: <c>there are no jobs</c>.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="report">Takes the warnings.</param>
    public static FileContent.Read? ReadNamed(Positioned<string>? path, string what, string without, Func<string, FileContent> read, ConfigReport report)
    {
        if (path is not { } at)
        {
            return null;
        }

        switch (read(at.Value))
        {
            case FileContent.Read content:
                return content;
            case FileContent.Unreadable(var why):
                report.Warn(at.Position, $"the {what} '{at.Value}' cannot be read, so {without}: {why}");
                return null;
            default:
                throw new InvalidOperationException("not a FileContent");
        }
    }

    /// <summary>The entries of an allow list; an empty one is warned of.</summary>
    /// <param name="document">The daemon's file.</param>
    /// <param name="section">Its section, which has no other keys.</param>
    /// <param name="key">The list.</param>
    /// <param name="denied">What an empty list denies: <c>every host</c>.</param>
    /// <param name="report">Takes the warnings.</param>
    public static IReadOnlyList<Positioned<string>> AllowList(IniDocument document, string section, string key, string denied, ConfigReport report)
    {
        var binder = new SectionBinder(section, document.Section(section), report);
        var list = binder.List(key) ?? [];
        binder.WarnOfUnknownKeys();
        if (list.Count == 0)
        {
            report.Warn(Begin(document, section), $"no [{section}] {key}[] = …: {denied} is denied");
        }

        return list;
    }

    /// <summary>The hosts of <c>[allow::hosts]</c>; what names nobody is warned of and left out.</summary>
    public static IReadOnlyList<string> AllowedHosts(IniDocument document, ConfigReport report)
    {
        var hosts = AllowList(document, "allow::hosts", "host", "every host", report);
        foreach (var odd in hosts.Where(allowed => !Security.AddressRules.IsEntry(allowed.Value)))
        {
            report.Warn(odd.Position, $"host[] is '{odd.Value}': neither an address, nor a block (10.0.0.0/8), nor a host name: it allows nobody");
        }

        return [.. hosts.Select(host => host.Value).Where(Security.AddressRules.IsEntry)];
    }

    /// <summary>Where a section begins, or the file as a whole.</summary>
    public static Position Begin(IniDocument document, string section) => document.Section(section)?.Position ?? Position.Whole(document.File);

    /// <summary>The document in this content; null after reporting its errors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="report">Takes the errors.</param>
    /// <param name="mayQuote">As in <see cref="IniReader.Parse"/>.</param>
    public static IniDocument? Parse(string path, FileContent.Read content, ConfigReport report, bool mayQuote)
    {
        switch (IniReader.Parse(path, content.Bytes.Span, mayQuote))
        {
            case IniResult.Read(var document):
                return document;
            case IniResult.Failed(var errors):
                report.Errored(errors);
                return null;
            default:
                throw new InvalidOperationException("not a result of IniReader");
        }
    }
}

namespace Deploy.Rsync.Arguments;

/// <summary>The whole environment of rsync: a fixed PATH, a locale, and UTC, in which times are printed; nothing is inherited, so no <c>RSYNC_*</c> of the daemon's can change a run.</summary>
internal static class RsyncEnvironment
{
    /// <summary>Where rsync finds its remote shell.</summary>
    public const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Where glibc keeps its own UTF-8 locale without a language, under both spellings (Debian and Red Hat since 2018).</summary>
    private static readonly string[] Locales = ["/usr/lib/locale/C.utf8", "/usr/lib/locale/C.UTF-8"];

    /// <summary>
    /// Looks once at the host. Where C.UTF-8 is missing, C does: rsync then escapes every byte above 127, and unescaping gives the same names.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfThisHost() => With(Locales.Any(Directory.Exists) ? "C.UTF-8" : "C");

    /// <summary>The environment with this locale.</summary>
    public static IReadOnlyDictionary<string, string> With(string locale) =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = Path, ["LC_ALL"] = locale, ["TZ"] = "UTC" };
}

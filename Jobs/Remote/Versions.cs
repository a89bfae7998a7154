using Deploy.Model.Text;

namespace Deploy.Jobs.Remote;

/// <summary>What a Server header says of a daemon's version.</summary>
internal static class Versions
{
    private const string Ours = "deploy/";
    private const int Longest = 64;

    /// <summary>E.g. <c>1.0.0</c>; null from a program that is not ours.</summary>
    public static string? Of(string? server) => server?.StartsWith(Ours, StringComparison.Ordinal) == true ? SafeText.Of(server[Ours.Length..], Longest) : null;

    /// <summary>A version as a peer tells it, safe and short; null for none.</summary>
    public static string? Short(string? version) => version is null ? null : SafeText.Of(version, Longest);
}

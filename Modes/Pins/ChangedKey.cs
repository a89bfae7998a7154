using Deploy.Model.Text;
using Deploy.Protocol.V1;
using Deploy.Security.Channel;

namespace Deploy.Modes.Pins;

/// <summary>What is said of a daemon that shows another key than the one that is known.</summary>
internal static class ChangedKey
{
    /// <summary>Behind the host of <c>deploy client trust</c>: takes the new key.</summary>
    public const string Replacing = " --replace PIN";

    /// <summary>In one line, as why a host was not asked.</summary>
    /// <param name="known">What is known.</param>
    /// <param name="shown">What it shows.</param>
    /// <param name="trust">The command line that takes the new one.</param>
    public static string Line(KnownAgent known, Pin shown, string trust) =>
        $"its host key has changed: {known.Place} has {known.Pin}, it shows {shown}; nothing was sent. Where whoever runs it says that this is right: {trust}";

    /// <summary>For people, as ssh has it.</summary>
    public static IReadOnlyList<string> Banner(V1Peer peer, KnownAgent known, Pin shown, string trust)
    {
        const string Frame = "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@";
        return
        [
            Frame,
            "@    WARNING: REMOTE HOST KEY HAS CHANGED!                @",
            Frame,
            $"{SafeText.Of(peer.Shown)} shows another key than the one that is known.",
            "Somebody may be in between and pass for it (man in the middle), or it has a new key. Nothing was sent.",
            $"  known  {known.Pin}  ({known.Place})",
            $"  shown  {shown}",
            "Ask whoever runs it for its pin (there: deploy agent --print-pin, deploy proxy --print-pin), by a way that is not this one.",
            $"Where it is another one than it was, and right: {trust}",
        ];
    }
}

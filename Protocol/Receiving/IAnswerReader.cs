using System.Globalization;

namespace Deploy.Protocol.Receiving;

/// <summary>Makes one outcome of an answer that comes in pieces of any size: <see cref="ResponseReader"/> of a plain one, <see cref="Ssl.SslAnswerReader"/> of an encrypted one.</summary>
internal interface IAnswerReader : IDisposable
{
    /// <summary>What has come so far, in words, for messages.</summary>
    string Progress { get; }

    /// <summary>Takes the next piece: the outcome when that is known, null when more is needed.</summary>
    LegacyOutcome? Feed(ReadOnlySpan<byte> piece);

    /// <summary>The outcome when the peer has closed the connection.</summary>
    LegacyOutcome Close();

    /// <summary>The outcome when the peer was silent for socket_timeout.</summary>
    LegacyOutcome Silent(TimeSpan socketTimeout);

    /// <summary>A silence, in words.</summary>
    protected static string SilentFor(TimeSpan socketTimeout, string progress) =>
        string.Create(CultureInfo.InvariantCulture, $"it was silent for {socketTimeout.TotalSeconds:0.###} s: {progress}");
}

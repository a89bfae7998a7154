using System.Text;
using Deploy.Logs;
using Deploy.Security.Files;

namespace Deploy.Security.Operators;

/// <summary>The operators in force: the file is read whenever it is asked for. What others could put themselves into is nobody's list, and neither is what cannot be read: such a file gives nobody anything.</summary>
/// <param name="place">authorized_operators, as the settings in force have it; null for none.</param>
/// <param name="log">Says mistakes, once a change.</param>
/// <param name="daemon">The daemon's user, where that is another than who asks.</param>
internal sealed class OperatorBook(Func<string?> place, ILog log, uint? daemon = null)
{
    private readonly Lock gate = new();
    private TrustedFile? file;
    private byte[]? read; // what the operators are of
    private Dictionary<string, Operator> operators = [];
    private IReadOnlyList<OperatorMistake> mistakes = [];
    private string? trouble;

    /// <summary>The file.</summary>
    public string Path => place() ?? "authorized_operators";

    /// <summary>Why nobody is in it, one line; null where somebody is.</summary>
    public string? Trouble
    {
        get
        {
            lock (gate)
            {
                Refresh();
                return trouble;
            }
        }
    }

    /// <summary>The operators, in the file's order.</summary>
    public IReadOnlyList<Operator> All()
    {
        lock (gate)
        {
            Refresh();
            return [.. operators.Values];
        }
    }

    /// <summary>The holder of a key; null for one that is not in the file.</summary>
    /// <param name="fingerprint">As OpenSSH has it.</param>
    public Operator? Find(string fingerprint)
    {
        lock (gate)
        {
            Refresh();
            return operators.GetValueOrDefault(fingerprint);
        }
    }

    /// <summary>The line of a key that gives it nothing for its mistake; null for none.</summary>
    public OperatorMistake? MistakeOf(string fingerprint)
    {
        lock (gate)
        {
            Refresh();
            return mistakes.FirstOrDefault(mistake => mistake.Key == fingerprint);
        }
    }

    private void Refresh()
    {
        if (place() is var path && path != file?.Path)
        {
            (file, read, trouble) = (path is null ? null : new TrustedFile(path, OperatorFile.MostBytes, daemon), null, null);
        }

        string? why = null;
        byte[]? now = file?.Read(out why);
        if (now is not null && ReferenceEquals(now, read))
        {
            return;
        }

        string? former = trouble;
        (read, operators, mistakes, trouble) = (now, [], [], why ?? "there is no such file");
        if (now is not null)
        {
            Take(now);
        }

        if (trouble is not null && (trouble != former || now is not null))
        {
            log.Warning($"{Path}: {trouble}; nobody may order with a signature");
        }
    }

    private void Take(byte[] bytes)
    {
        (var found, mistakes) = OperatorFile.Parse(Encoding.UTF8.GetString(bytes));
        foreach (var mistake in mistakes)
        {
            log.Warning($"{Path}:{mistake.Line}: {mistake.What}; the line gives nobody anything");
        }

        operators = found.ToDictionary(one => one.Key.Fingerprint, StringComparer.Ordinal);
        trouble = found.Count == 0 ? "it names no key" : null;
    }
}

using Deploy.Model;
using Deploy.Model.Text;
using Deploy.Modes.Daemon;
using Deploy.Modes.Files.Checking;
using Deploy.Security;
using Deploy.Security.Channel;
using Deploy.Security.Files;
using Deploy.Security.Keys;
using Deploy.Security.Operators;

namespace Deploy.Modes.SetUp;

/// <summary>Makes the files of a daemon that are not there yet. Whatever is there stays as it is, but for keys that are added to authorized_operators.</summary>
/// <param name="time">Dates the host key's certificate.</param>
internal sealed class DaemonSetUp(TimeProvider time)
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead; // 0644
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute; // 0755
    private const string OperatorsHead = "# Who may order here: OPTIONS ssh-ed25519 KEY NAME, a line each, as authorized_keys. Read at every order.\n";

    private readonly List<SetUpFile> files = [];
    private readonly List<string> warnings = [];

    /// <summary>Makes them. The configuration comes last: without it nothing is in force.</summary>
    /// <exception cref="UserError">A file cannot be made, or one that is there cannot be used.</exception>
    public async Task<SetUpResult> RunAsync(SetUpPlan plan, CancellationToken cancellationToken)
    {
        using var held = await FolderLock.TakeAsync(Path.GetDirectoryName(plan.Config)!, Folder, "--config", time, cancellationToken).ConfigureAwait(false);
        foreach (string path in new[] { plan.HostKey, plan.OwnKey, plan.Operators, plan.Config }.OfType<string>())
        {
            NewFile.Sweep(path);
        }

        warnings.AddRange(plan.Warnings);
        var key = HostKeyFile.LoadOrMake(plan.HostKey, time.GetUtcNow(), out bool isNew, UserOf(plan));
        Say(plan.HostKey, isNew, "the host key");
        Give(plan, plan.HostKey, isNew);
        string? ownLine = plan.OwnKey is { } own ? OwnKey(plan, own) : null;
        AddOperators(plan);
        bool isNewConfig = plan.NewConfig is { } text && InitialFile.TryMake(plan.Config, text, Everybody);
        Say(plan.Config, isNewConfig, "the configuration");
        return new SetUpResult(files, key.Pin.ToString(), ownLine, warnings);
    }

    /// <summary>The proxy's key, as a line that lets it read.</summary>
    private string OwnKey(SetUpPlan plan, string path)
    {
        var key = SshKeyFile.OpenOrCreate(path, $"proxy-{plan.Name}", out bool isNew, UserOf(plan));
        Say(path, isNew, "the proxy's own key");
        Give(plan, path, isNew);
        return $"orders=\"read\" {key.Key}";
    }

    private void AddOperators(SetUpPlan plan)
    {
        string path = plan.Operators;
        bool isNew = InitialFile.TryMake(path, OperatorsHead, Everybody);
        var before = Read(path);
        var added = InitialFile.Add(path, [.. plan.Lines.Select(line => line.Text)], OperatorLine.IsSame, Everybody);
        var now = Read(path);
        Say(path, isNew || added.Count > 0, $"{Counted.Of(now.Operators.Count, "key")}{(added.Count > 0 && !isNew ? $", {added.Count} of them new" : string.Empty)}{Names(now.Operators)}");
        foreach (var line in plan.Lines.Where(line => !added.Contains(line.Text)))
        {
            if (before.Operators.FirstOrDefault(one => one.Key.Equals(line.Who.Key)) is { } there && !SaysTheSame(there, line.Who))
            {
                warnings.Add($"{SafeText.Of(line.Who.Name)} is in {SafeText.Of(path)} already, with other options than these: its line stays as it is; to change it, edit the file");
            }
        }

        warnings.AddRange(now.Mistakes.Select(mistake => $"{SafeText.Of(path)}:{mistake.Line}: {mistake.What}; the line gives nobody anything"));
        if (FileFacts.Of(FileFacts.RealPath(path)) is { } facts && StrictModes.Mistake(facts, path, UserOf(plan)) is { } mistake)
        {
            warnings.Add($"{SafeText.Of(path)} gives nobody anything: {mistake}");
        }

        if (now.Operators.Count == 0)
        {
            warnings.Add($"nobody may order yet: deploy {plan.Daemon} init --allow \"$(cat alice.pub)\", or write the line into {SafeText.Of(path)}");
        }
    }

    /// <summary>Whoever the daemon runs as must be able to read its keys.</summary>
    private void Give(SetUpPlan plan, string path, bool isNew)
    {
        if (plan.Account is not { } name || Privileges.Find(name) is not { } account || FileFacts.Of(FileFacts.RealPath(path)) is not { } facts || facts.OwnerId == account.User)
        {
            return;
        }

        if (!isNew || !Privileges.Give(path, account.User, account.Group))
        {
            warnings.Add($"{SafeText.Of(path)} is not {name}'s, who the {plan.Daemon} runs as: chown {name}: {SafeText.Of(path)}");
        }
    }

    private static uint? UserOf(SetUpPlan plan) => plan.Account is { } name ? Privileges.Find(name)?.User : null;

    private void Say(string path, bool made, string what) => files.Add(new SetUpFile(path, made, what));

    private static (IReadOnlyList<Operator> Operators, IReadOnlyList<OperatorMistake> Mistakes) Read(string path)
    {
        try
        {
            return OperatorFile.Parse(ByteText.FromBytes(File.ReadAllBytes(path)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{SafeText.Of(path)} cannot be read: {SafeText.Of(error.Message)}", ExitCodes.Failed, "run it as root, or name a place of your own: --config FILE");
        }
    }

    private static string Names(IReadOnlyList<Operator> operators) =>
        operators.Count == 0 ? string.Empty : $" ({string.Join(", ", operators.Take(5).Select(one => SafeText.Of(one.Name, 60)))}{(operators.Count > 5 ? ", …" : string.Empty)})";

    private static bool SaysTheSame(Operator one, Operator other) => Words(one) == Words(other);

    private static string Words(Operator of) =>
        $"{string.Join(',', of.Rights.Words)}|{of.Rights.Groups}|{of.Rights.Commands}|{(of.From is null ? string.Empty : string.Join(',', of.From))}|{of.Expires:O}";
}

using System.Diagnostics;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd;

/// <summary>The original's ssl form with the binary that ships, from the keys to the order.</summary>
[Trait("Category", "EndToEnd")]
public class SslTests
{
    [Fact]
    public async Task Keys_are_made_an_agent_takes_them_and_orders_run_encrypted()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder);
        var run = await ClientCall.RunAsync($"exec say hello --ssl-public-key {folder["public.pem"]}", agent.Address);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  hello", run.Lines);
        var large = await ClientCall.RunAsync($"exec much --ssl-public-key {folder["public.pem"]}", agent.Address);
        Assert.Equal(0, large.ExitCode);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Fact]
    public async Task Each_mismatch_is_named_on_both_sides()
    {
        using var folder = new TempFolder();
        await using var encrypted = await StartAsync(folder);
        await using var plain = await RunningAgent.StartAsync(new AgentSetup(folder.Path) { Commands = "say = echo %s" });
        var one = await ClientCall.RunAsync("status site", encrypted.Address);
        Assert.Equal(2, one.ExitCode);
        Assert.Contains("ssl = true", one.Out + one.Error, StringComparison.Ordinal);
        await encrypted.LogHasAsync("speaks the plain form, this port speaks the ssl form (protocol mismatch");

        var other = await ClientCall.RunAsync($"status site --ssl-public-key {folder["public.pem"]}", plain.Address);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("it may have no ssl, or another private key", other.Out + other.Error, StringComparison.Ordinal);
        await plain.LogHasAsync("speaks the ssl form, this port speaks the plain form (protocol mismatch");

        Assert.Equal(0, (await ProgramRun.RunAsync(["keygen", "legacy", "--bits", "2048", "--out", folder["other-"]])).ExitCode);
        Assert.Equal(2, (await ClientCall.RunAsync($"status site --ssl-public-key {folder["other-public.pem"]}", encrypted.Address)).ExitCode);
        await encrypted.LogHasAsync("its ssl message cannot be decrypted");
        Assert.Equal(0, (await ClientCall.RunAsync($"exec say hi --ssl-public-key {folder["public.pem"]}", encrypted.Address)).ExitCode);
    }

    [Fact]
    public async Task A_reload_takes_a_new_key_and_keeps_the_old_one_where_the_new_one_is_broken_or_gone()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder);
        string order = $"exec say hi --ssl-public-key {folder["public.pem"]}";
        File.WriteAllText(folder["private.pem"], "half a k");
        agent.Signal(1); // SIGHUP
        await agent.LogHasAsync("is not PEM");
        Assert.Equal(0, (await ClientCall.RunAsync(order, agent.Address)).ExitCode);

        int before = agent.Log.Count;
        (agent.Setup with { Server = string.Empty }).Write();
        agent.Signal(1);
        await agent.LogHasAsync("no ssl any more", before);
        Assert.Equal(0, (await ClientCall.RunAsync(order, agent.Address)).ExitCode);

        File.Delete(folder["private.pem"]);
        File.Delete(folder["public.pem"]);
        await KeygenAsync(folder);
        agent.Setup.Write();
        before = agent.Log.Count;
        agent.Signal(1);
        await agent.LogHasAsync("the configuration was read again", before);
        Assert.Equal(0, (await ClientCall.RunAsync(order, agent.Address)).ExitCode);
    }

    [Fact]
    public async Task A_proxy_speaks_it_on_both_sides()
    {
        using var folder = new TempFolder();
        await using var agent = await StartAsync(folder);
        string address = LoopbackAddress.Next();
        File.WriteAllText(folder["api.ini"], $"[keys]\nkey[] = web\n[servers]\nweb[] = {agent.Address}\n");
        File.WriteAllText(folder["proxy.ini"], $"""
            [server]
            addr = {address}
            ssl = true
            ssl_private_key = {folder["private.pem"]}
            [client]
            key_cipher = {AgentSetup.Key}
            ssl = true
            ssl_public_key = {folder["public.pem"]}
            [allow::hosts]
            host[] = 127.0.0.0/8
            [api]
            path = {folder["api.ini"]}

            """);
        using var proxy = ProgramRun.Start(["proxy", "--config", folder["proxy.ini"], "--state-dir", folder["proxy"]]);
        try
        {
            string[] line = ["client", "--order=exec", "--options=say,through", "--args=groups:web", "--hosts", address, "--api-key", "key", "--thread-timeout", "60", "--socket-timeout", "60"];
            ProgramRun run;
            var watch = Stopwatch.StartNew();
            do
            {
                run = await ProgramRun.RunAsync([.. line, "--ssl-public-key", folder["public.pem"]]);
            }
            while (run.ExitCode == 4 && watch.Elapsed < TimeSpan.FromSeconds(30)); // until it listens
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("  through", run.Lines);
            Assert.NotEqual(0, (await ProgramRun.RunAsync(line)).ExitCode);
        }
        finally
        {
            proxy.Kill();
            await proxy.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Keygen_writes_what_openssl_reads_and_overwrites_nothing()
    {
        using var folder = new TempFolder();
        var run = await KeygenAsync(folder);
        Assert.Equal([folder["private.pem"], folder["public.pem"]], run.Lines.Select(line => line.Split(' ')[0]));
        if (File.Exists("/usr/bin/openssl"))
        {
            Assert.Contains("RSA key ok", await OpensslAsync("rsa", "-check", "-noout", "-in", folder["private.pem"]), StringComparison.Ordinal);
            Assert.Contains("Public-Key: (2048 bit)", await OpensslAsync("rsa", "-pubin", "-text", "-noout", "-in", folder["public.pem"]), StringComparison.Ordinal);
        }

        var again = await ProgramRun.RunAsync(["keygen", "legacy", "--out", folder.Path]);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is there already, and a key is never overwritten", again.Error, StringComparison.Ordinal);
        Assert.Equal(64, (await ProgramRun.RunAsync(["keygen", "legacy", "--bits", "1024"])).ExitCode);
    }

    private static async Task<RunningAgent> StartAsync(TempFolder folder)
    {
        await KeygenAsync(folder);
        return await RunningAgent.StartAsync(new AgentSetup(folder.Path)
        {
            Server = $"ssl = true\nssl_private_key = {folder["private.pem"]}",
            Commands = "say = echo %s\nmuch = head -c 900000 /dev/zero",
        });
    }

    private static async Task<ProgramRun> KeygenAsync(TempFolder folder)
    {
        var run = await ProgramRun.RunAsync(["keygen", "legacy", "--bits", "2048", "--out", folder.Path]);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        return run;
    }

    private static async Task<string> OpensslAsync(params string[] arguments)
    {
        using var openssl = Process.Start(new ProcessStartInfo("/usr/bin/openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (openssl.StandardOutput.ReadToEndAsync(), openssl.StandardError.ReadToEndAsync());
        await openssl.WaitForExitAsync();
        return await output + await error;
    }
}

using System.Diagnostics;
using Deploy.Tests.EndToEnd.Harness;
using Deploy.Tests.Fixtures;
using Xunit;

namespace Deploy.Tests.EndToEnd.Faults;

/// <summary>The wall clock of a daemon jumps while jobs run: nothing starts twice, nothing ends early.</summary>
[Trait("Category", "EndToEnd")]
public class ClockTests
{
    /// <summary>Adds the seconds in a file to the wall clock, and to nothing else.</summary>
    private const string Shim = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <time.h>
        int clock_gettime(clockid_t id, struct timespec *at)
        {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(id, at);
            if (result == 0 && id == CLOCK_REALTIME) {
                FILE *file = fopen(getenv("DEPLOY_TEST_CLOCK"), "re");
                long by = 0;
                if (file) { if (fscanf(file, "%ld", &by) != 1) by = 0; fclose(file); }
                at->tv_sec += by;
            }
            return result;
        }
        """;

    [ClangTheory]
    [InlineData(7 * 24 * 3600)]
    [InlineData(-7 * 24 * 3600)]
    public async Task A_jump_in_the_middle_of_a_rollout_changes_no_hosts_end(long by)
    {
        using var folder = new TempFolder();
        string clock = folder["clock"], library = folder["clock.so"];
        File.WriteAllText(clock, "0");
        File.WriteAllText(folder["clock.c"], Shim);
        using (var clang = Process.Start("/usr/bin/clang", ["-shared", "-fPIC", "-O1", "-o", library, folder["clock.c"], "-ldl"]))
        {
            await clang.WaitForExitAsync();
            Assert.Equal(0, clang.ExitCode);
        }

        var shimmed = new Dictionary<string, string?> { ["LD_PRELOAD"] = library, ["DEPLOY_TEST_CLOCK"] = clock };
        await using var fleet = await FaultFleet.StartAsync(folder, 3, environment: shimmed);
        string id = await fleet.ProxyApi.TakenAsync(JobsApi.Document("exec", fleet.Hosts, ("command", "nap"), ("rollout", new System.Text.Json.Nodes.JsonObject { ["max_parallel"] = 1, ["deadline_seconds"] = 3600 })));
        await Task.Delay(1500);
        File.WriteAllText(clock, by.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await fleet.ProxyApi.EndedAsync(id);
        var states = await fleet.ProxyApi.StatesAsync(id, 3);

        // What had no turn by the hour in which the order may start is skipped where the clock ran past it; nothing that ran is called anything but ok.
        Assert.Equal("ok", states["a1"]);
        Assert.All(states.Values, state => Assert.True(state == "ok" || (by > 0 && state == "skipped"), string.Join(' ', states)));
        Assert.All(Enumerable.Range(0, 3), place => Assert.True(fleet.Agent(place)!.Log.Count(line => line.Contains(id, StringComparison.Ordinal) && line.Contains(": ok", StringComparison.Ordinal)) == (states[$"a{place + 1}"] == "ok" ? 1 : 0)));
        string after = await fleet.ProxyApi.TakenAsync(JobsApi.Document("rsync", fleet.Hosts, ("group", "site")));
        await fleet.ProxyApi.EndedAsync(after);
        Assert.All((await fleet.ProxyApi.StatesAsync(after, 3)).Values, state => Assert.True(state is "ok" or "unchanged"));
    }
}

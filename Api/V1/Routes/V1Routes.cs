using Deploy.Api.V1.Metrics;
using Deploy.Model.Jobs;
using Deploy.Security.Callers;

namespace Deploy.Api.V1.Routes;

/// <summary>The route table of the v1 API. openapi.json says the same; a test holds them against each other.</summary>
internal static class V1Routes
{
    public static IReadOnlyList<V1Route> Of(IJobs jobs, V1Facts facts, V1Guard guard, RequestTally tally, DateTimeOffset started, TimeProvider time)
    {
        var daemon = new DaemonRoutes(facts, tally, started, time);
        var job = new JobRoutes(jobs, facts.Name, guard);
        var parts = new JobPartRoutes(jobs);
        var events = new EventRoutes(jobs, tally, facts.EventReaders);
        var audit = new AuditRoutes(facts);
        var leases = new LeaseRoutes(jobs, facts.Name, guard);
        return
        [
            new("GET", "/healthz", daemon.HealthAsync) { Statuses = [200, 503], Access = Access.Open },
            new("GET", "/metrics", daemon.MetricsAsync) { Statuses = [200], Access = Access.Open },
            new("GET", "/v1/openapi.json", DaemonRoutes.OpenApiAsync) { Statuses = [200], Access = Access.Open },
            new("GET", "/v1/self", daemon.SelfAsync) { Statuses = [200] },
            new("GET", "/v1/groups", daemon.GroupsAsync) { Statuses = [200] },
            new("GET", "/v1/hosts", daemon.HostsAsync) { Statuses = [200], Query = ["cursor"] },
            new("POST", "/v1/jobs", job.SubmitAsync) { TakesBody = true, MayWait = true, Statuses = [200, 202, 408, 409, 411, 413, 415, 422, 503] },
            new("GET", "/v1/jobs", job.ListAsync) { Statuses = [200], Query = ["state", "order", "host", "since", "cursor"] },
            new("GET", "/v1/jobs/{id}", job.FindAsync) { Statuses = [200, 404] },
            new("POST", "/v1/jobs/{id}/cancel", call => job.ActAsync(call, JobAct.Cancel)) { MayWait = true, Statuses = [200, 404, 409, 503] },
            new("POST", "/v1/jobs/{id}/pause", call => job.ActAsync(call, JobAct.Pause)) { Statuses = [200, 404, 409, 503] },
            new("POST", "/v1/jobs/{id}/resume", call => job.ActAsync(call, JobAct.Resume)) { Statuses = [200, 404, 409, 503] },
            new("GET", "/v1/jobs/{id}/hosts", parts.HostsAsync) { Statuses = [200, 404], Query = ["state", "cursor"] },
            new("GET", "/v1/jobs/{id}/hosts/{host}/log", parts.LogAsync) { Statuses = [200, 404] },
            new("GET", "/v1/jobs/{id}/shapes", parts.ShapesAsync) { Statuses = [200, 404] },
            new("GET", "/v1/jobs/{id}/shapes/{digest}", parts.ShapeAsync) { Statuses = [200, 404], Query = ["cursor"] },
            new("GET", "/v1/jobs/{id}/events", events.OfJobAsync) { Statuses = [200, 404, 503], Query = ["since"] },
            new("GET", "/v1/events", events.OfAllAsync) { Statuses = [200, 503], Query = ["since"] },
            new("GET", "/v1/audit", audit.ListAsync) { Statuses = [200, 404, 503], Query = ["cursor"] },
            new("GET", "/v1/leases", leases.ListAsync) { Statuses = [200] },
            new("POST", "/v1/leases/steal", leases.StealAsync) { TakesBody = true, Statuses = [204, 404, 408, 409, 411, 413, 415, 422, 503] },
        ];
    }
}

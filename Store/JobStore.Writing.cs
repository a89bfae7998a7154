using System.Text.Json;
using Deploy.Model;
using Deploy.Model.Jobs;
using Deploy.Model.Jobs.Json;

namespace Deploy.Store;

/// <content>What is written.</content>
internal sealed partial class JobStore
{
    /// <summary>Keeps a new job with all its hosts, queued.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    /// <exception cref="ArgumentException">The id is there already.</exception>
    public Task AddAsync(StoredJob job, IReadOnlyList<string> hosts) => writer.WriteAsync(connection =>
    {
        string id = job.Id.ToString();
        if (Number(connection, id) is not null)
        {
            throw new ArgumentException($"job {id} is kept already");
        }

        connection.Run(
            """
            INSERT INTO job (id, "order", what, wire, peer, asked_by, as_host, accepted, not_after, state, reason, started, ended)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            id,
            job.Order.Word(),
            job.What,
            job.Wire,
            job.Asker.Peer,
            job.Asker.By,
            job.Asker.AsHost,
            StoreConnection.Text(job.Accepted),
            StoreConnection.Text(job.NotAfter),
            job.State.Word(),
            job.Reason,
            StoreConnection.Text(job.Started),
            StoreConnection.Text(job.Ended));
        object number = Number(connection, id)!;
        connection.Run("INSERT INTO document (job, bytes, proof) VALUES ($1, $2, $3)", number, job.Document.ToArray(), job.Proof is null ? null : StoredProof.Write(job.Proof));
        for (int place = 0; place < hosts.Count; place++)
        {
            connection.Run("INSERT INTO host (job, place, name, state) VALUES ($1, $2, $3, 'queued')", number, place, hosts[place]);
        }
    });

    /// <summary>Keeps where a job stands.</summary>
    /// <param name="id">The job.</param>
    /// <param name="state">Its state.</param>
    /// <param name="reason">Why; null for none.</param>
    /// <param name="started">When its first host was begun; null where none was.</param>
    /// <param name="ended">Null before its end.</param>
    /// <param name="follows">True where this follows from where its hosts stand, as a start would find it again: the disk is not waited for.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    /// <exception cref="ArgumentException">There is no such job.</exception>
    public Task SaveAsync(JobId id, JobState state, string? reason, DateTimeOffset? started, DateTimeOffset? ended, bool follows = false) => writer.WriteAsync(
        connection =>
        {
            if (connection.Run(
                "UPDATE job SET state = $2, reason = $3, started = $4, ended = $5 WHERE id = $1",
                id.ToString(),
                state.Word(),
                reason,
                StoreConnection.Text(started),
                StoreConnection.Text(ended)) == 0)
            {
                throw new ArgumentException($"job {id} is not kept");
            }
        },
        sync: !follows);

    /// <summary>Keeps the signature by which a job is cancelled.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public Task SaveCancelAsync(JobId id, RequestProof cancel) => writer.WriteAsync(connection =>
        connection.Run("UPDATE document SET cancel_proof = $2 WHERE job = (SELECT number FROM job WHERE id = $1)", id.ToString(), StoredProof.Write(cancel)));

    /// <summary>Keeps where a host of a job stands, without its progress; what is older by <see cref="HostStanding.Rev"/> than what is kept is passed over.</summary>
    /// <param name="id">The job.</param>
    /// <param name="place">The host's place in the job's list, from 0.</param>
    /// <param name="standing">All of it.</param>
    /// <param name="content">The content of its shape where the job has none yet; else null. What is larger than <see cref="Limits.ShapeBytes"/> is not kept.</param>
    /// <param name="log">What was printed, cut to <see cref="Limits.HostLogBytes"/>; empty leaves it.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    /// <exception cref="ArgumentException">There is no such job, or it has no such host.</exception>
    public Task SaveAsync(JobId id, int place, HostStanding standing, ShapeContent? content, IReadOnlyList<LogLine> log)
    {
        string json = JsonSerializer.Serialize(standing with { Progress = null, Shape = null }, V1Json.Default.HostStanding);
        string? lines = log.Count == 0 ? null : StoredLog.Write(log);
        return writer.WriteAsync(connection =>
        {
            long job = Number(connection, id.ToString()) ?? throw new ArgumentException($"job {id} is not kept");
            object? shape = standing.Shape is { } digest ? ShapeNumber(connection, job, digest, content) : null;
            if (connection.Run(
                "UPDATE host SET state = $3, rev = $4, shape = $5, standing = $6 WHERE job = $1 AND place = $2 AND rev <= $4",
                job,
                place,
                standing.State.Word(),
                standing.Rev,
                shape,
                json) == 0 && connection.Number("SELECT 1 FROM host WHERE job = $1 AND place = $2", job, place) is null)
            {
                throw new ArgumentException($"job {id} has no host at {place}");
            }

            if (lines is not null)
            {
                connection.Run("INSERT INTO log (job, place, lines) VALUES ($1, $2, $3) ON CONFLICT (job, place) DO UPDATE SET lines = excluded.lines", job, place, lines);
            }
        });
    }

    /// <summary>Keeps a lease of a job; null takes it away.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public Task SaveAsync(JobId holder, Lease? lease) => writer.WriteAsync(connection =>
    {
        if (lease is null)
        {
            connection.Run("DELETE FROM lease WHERE job = $1", holder.ToString());
        }
        else
        {
            string json = JsonSerializer.Serialize(lease, V1Json.Default.Lease);
            connection.Run("INSERT INTO lease (job, lease) VALUES ($1, $2) ON CONFLICT (job) DO UPDATE SET lease = excluded.lease", holder.ToString(), json);
        }
    });

    /// <summary>The job's number in the tables; null for an id that is not known.</summary>
    private static long? Number(StoreConnection connection, string id) => connection.Number("SELECT number FROM job WHERE id = $1", id);

    /// <summary>The number of a shape, which is made where there is none, and gets its content where it has none.</summary>
    private static long? ShapeNumber(StoreConnection connection, long job, string digest, ShapeContent? content)
    {
        const string Find = "SELECT number FROM shape WHERE job = $1 AND digest = $2";
        if (connection.Number(Find, job, digest) is null)
        {
            connection.Run("INSERT INTO shape (job, digest) VALUES ($1, $2)", job, digest);
        }

        if (content is not null && content.Bytes.Length <= Limits.ShapeBytes && connection.Number("SELECT shape_bytes FROM job WHERE number = $1", job) + content.Bytes.Length <= Limits.JobShapesBytes
            && connection.Run("UPDATE shape SET kind = $3, content = $4 WHERE job = $1 AND digest = $2 AND content IS NULL", job, digest, KindWord(content.Kind), content.Bytes.ToArray()) > 0)
        {
            connection.Run("UPDATE job SET shape_bytes = shape_bytes + $2 WHERE number = $1", job, content.Bytes.Length);
        }

        return connection.Number(Find, job, digest);
    }

    private static string KindWord(ShapeKind kind) => kind == ShapeKind.Changes ? "changes" : "output";
}

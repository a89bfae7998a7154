using Deploy.Store;

namespace Deploy.Tests.Store;

/// <summary>Stores as earlier programs made them. What stands here is never changed: it is what operators have.</summary>
internal static class Schemas
{
    public const string Version1 =
        """
        PRAGMA auto_vacuum = INCREMENTAL;
        CREATE TABLE job (
          number INTEGER PRIMARY KEY, id TEXT UNIQUE, "order" TEXT NOT NULL, what TEXT NOT NULL, wire TEXT NOT NULL, peer TEXT NOT NULL, asked_by TEXT, as_host TEXT,
          accepted TEXT NOT NULL, not_after TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, started TEXT, ended TEXT, shape_bytes INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX job_accepted ON job (accepted, id);
        CREATE INDEX job_state ON job (state);
        CREATE INDEX job_ended ON job (ended);
        CREATE TABLE document (job INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE host (
          job INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, state TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 0, shape INTEGER, standing TEXT,
          PRIMARY KEY (job, place)) WITHOUT ROWID;
        CREATE INDEX host_name ON host (job, name);
        CREATE INDEX host_state ON host (job, state);
        CREATE TABLE shape (number INTEGER PRIMARY KEY, job INTEGER NOT NULL, digest TEXT NOT NULL, kind TEXT, content BLOB, UNIQUE (job, digest));
        CREATE TABLE log (number INTEGER PRIMARY KEY, job INTEGER NOT NULL, place INTEGER NOT NULL, lines TEXT NOT NULL, UNIQUE (job, place));
        CREATE TABLE lease (job TEXT PRIMARY KEY, lease TEXT NOT NULL);
        PRAGMA user_version = 1;
        PRAGMA application_id = 1146113113;

        INSERT INTO job VALUES (1, '01KQSGWCG0XXXXXXXXXXXXXXXX', 'rsync', 'site', 'v1', '127.0.0.1:4000', 'ann@desk', NULL,
          '2026-05-04T10:00:00.1234567Z', '2026-05-04T11:00:00.1234567Z', 'done', NULL, '2026-05-04T10:00:01.0000000Z', '2026-05-04T10:00:02.0000000Z', 6);
        INSERT INTO document VALUES (1, x'7b7d');
        INSERT INTO shape VALUES (1, 1, 'd1', 'changes', x'6e65770a');
        INSERT INTO host VALUES (1, 0, 'web-001', 'ok', 3, 1,
          '{"host":"web-001","state":"ok","rev":3,"started":"2026-05-04T10:00:01+00:00","ended":"2026-05-04T10:00:02+00:00","exit_code":0,"totals":{"new":1,"changed":0,"attributes":0,"deleted":0,"files":1,"bytes":4,"skipped_links":0},"of_a_later_program":1}');
        INSERT INTO host VALUES (1, 1, 'web-002', 'queued', 0, NULL, NULL);
        INSERT INTO log VALUES (1, 1, 0, '{"stream":"stdout","text":"a"}' || char(10) || '{"stream":"stderr","text":"b"}');
        INSERT INTO lease VALUES ('01KQSGWCG0XXXXXXXXXXXXXXXX', '{"what":"site","job":"01KQSGWCG0XXXXXXXXXXXXXXXX","hosts":"web-[001-002]","since":"2026-05-04T10:00:00+00:00","expires":"2026-05-04T11:00:00+00:00"}');
        """;

    public static void Make(string path, string statements)
    {
        File.WriteAllBytes(path, []);
        using var connection = StoreConnection.Open(path, reads: false);
        connection.Run(statements);
    }

    public static long? Ask(string path, string question)
    {
        using var connection = StoreConnection.Open(path, reads: true);
        return connection.Number(question);
    }
}

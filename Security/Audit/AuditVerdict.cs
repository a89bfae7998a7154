namespace Deploy.Security.Audit;

/// <summary>What looking at an audit log came to.</summary>
internal abstract record AuditVerdict
{
    private AuditVerdict()
    {
    }

    /// <summary>Every record is as it was written, and none is missing between them.</summary>
    /// <param name="First">The first record's number: above 1 where older files are gone. 0 where there is none.</param>
    /// <param name="Head">The last record's number and hash.</param>
    internal sealed record Whole(long First, AuditEnd Head) : AuditVerdict
    {
        /// <summary>Bytes behind the last record that are none: what a kill left, or what is being written.</summary>
        public long TornBytes { get; init; }

        /// <summary>How often such bytes were closed by a record that says so.</summary>
        public int Closed { get; init; }

        /// <summary>How many records were not written, as others say: the disk was full, or there was a flood.</summary>
        public long Omitted { get; init; }

        /// <summary>The number of the record whose hash was looked for; null where none was, or it is not there.</summary>
        public long? Found { get; init; }
    }

    /// <summary>The first line that is wrong.</summary>
    /// <param name="File">Its file.</param>
    /// <param name="Line">1-based.</param>
    /// <param name="What">What is wrong with it.</param>
    internal sealed record Broken(string File, long Line, string What) : AuditVerdict;
}

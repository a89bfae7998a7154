namespace Deploy.Protocol.Sniffing;

/// <summary>A feature of a connection that is encrypted (TLS 1.3), with the daemon's host key.</summary>
internal sealed record SecureChannel;

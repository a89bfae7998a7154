using Deploy.Output;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Deploy.Tests.Output;

public class StandardStreamTests
{
    [Fact]
    public void A_full_disk_is_told_unless_it_may_be_lost()
    {
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        int descriptor = (int)full.DangerousGetHandle();
        using var output = new StandardStream(descriptor, mayBeLost: false);
        Assert.Throws<IOException>(() => output.Write("x"u8));
        using var error = new StandardStream(descriptor, mayBeLost: true);
        error.Write("x"u8);
    }

    [Fact]
    public void A_reader_that_has_gone_is_no_error()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        pipe.ClientSafePipeHandle.Dispose();
        using var output = new StandardStream((int)pipe.SafePipeHandle.DangerousGetHandle(), mayBeLost: false);
        output.Write(new byte[1_000_000]);
    }

    [Fact]
    public void It_writes_where_the_file_stands_and_leaves_it_behind_its_bytes()
    {
        using var folder = new Fixtures.TempFolder();
        using SafeFileHandle file = File.OpenHandle(folder["out"], FileMode.CreateNew, FileAccess.ReadWrite);
        int descriptor = (int)file.DangerousGetHandle();
        foreach (string part in new[] { "one ", "two" })
        {
            using var output = new StandardStream(descriptor, mayBeLost: false);
            output.Write(System.Text.Encoding.ASCII.GetBytes(part));
        }

        Assert.Equal("one two", File.ReadAllText(folder["out"]));
    }
}

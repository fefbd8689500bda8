namespace Understudy.EndToEndTests;

/// <summary>A run gives the same bytes on processors with wide and with narrow registers.</summary>
/// <remarks>The runtime is told not to use what the processor has. On one without AVX-512 the first case is an ordinary run.</remarks>
public class RegisterWidthTests(SmokeRun smoke)
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Narrower_registers_give_the_same_bytes(string turnedOff)
    {
        var folder = smoke.NewFolder(turnedOff);

        var ended = ToolProcess.RunWith(folder, new Dictionary<string, string> { [turnedOff] = "0" }, "run", SmokeRun.Study, "@smoke", "--quiet");

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")))));
    }
}

using Understudy.KernelGenerator;

namespace Understudy.UnitTests.Engine.Kernels;

public class KernelGeneratorTests
{
    [Fact]
    public void Committed_kernels_are_what_the_generator_writes()
    {
        foreach (var (file, source) in KernelSource.Files())
            Assert.Equal(source, File.ReadAllText(Path.Combine(Repository.Root, "src/Understudy.Engine/Kernels", file)));
    }
}

using Understudy.Lab.Claims;
using Understudy.Lab.Execution;
using MyConfig = Understudy.UnitTests.Lab.ToyConfig;
using MyStudy = Understudy.UnitTests.Lab.ToyStudy;

namespace Understudy.UnitTests.Guides;

/// <summary>The code of <c>src/Understudy.Lab/README.md</c>; what it calls is tested with the toy it names.</summary>
internal static class LabReadme
{
    internal static IReadOnlyList<Verdict> Run(CancellationToken cancellation)
    {
        // <one-call>
        IReadOnlyList<Verdict> verdicts = LocalRunner.Run(new MyStudy(), new MyConfig { Seed = 3 }, "runs/mine", progress: null, cancellation);
        // </one-call>
        return verdicts;
    }
}

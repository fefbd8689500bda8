using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;
using static Understudy.Studies.RandomTeacher.RandomTeacherClaims;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>The verdicts on the main result and its controls (C1 to C6, C8).</summary>
internal static class MainVerdicts
{
    private const string Missing = "needs part distillation: run again with parts=[distillation]";

    internal static IEnumerable<Verdict> All(Evidence evidence)
    {
        var main = evidence.Distillation;
        yield return main is null ? C1.NotRun(Missing) : Linear(main);
        yield return main is null ? C2.NotRun(Missing) : Neighbors(main);
        yield return main is null ? C3.NotRun(Missing) : Pixels(main);
        yield return main is null ? C4.NotRun(Missing) : ScaleFree(main);
        yield return main is null ? C5.NotRun(Missing) : Kick(main);
        yield return main is null ? C6.NotRun(Missing) : Noise(main);
        yield return Locality(evidence.Locality, main);
    }

    private static Verdict Linear(Probed main)
    {
        var (standardized, ridge) = (main.Gains(PartNames.Images, row => row.LinStd), main.Gains(PartNames.Images, row => row.Ridge));
        var finding = Finding.All(
        [
            Findings.Gain("standardized", standardized, StandardizedGain, main.OverImages(PartNames.Images, RightImages.LinStd)),
            Findings.Gain("ridge", ridge, RidgeGain, main.OverImages(PartNames.Images, RightImages.Ridge)),
        ]);
        var words = Invariant($"student less teacher: {finding.Words} ({Levels(main, row => row.LinStd)} and {Levels(main, row => row.Ridge)}); plain probe {Levels(main, row => row.Lin)}{Selection.Words(Selection.Of(main, row => row.Lin, row => row.Lin), main.Seeds.Count)}");
        if (Scales.IsPaper(main.Config))
        {
            var (student, teacher) = Scales.IsVgg(main.Config) ? (51.98, 36.55) : (46.02, 35.50);
            finding = Finding.All(
            [
                Findings.Within("student", Students(main, row => row.Lin), student - 2, student + 2),
                Findings.Within("teacher", Teachers(main, row => row.Lin), teacher - 1.5, teacher + 1.5),
            ]);
            words = Invariant($"plain probe: {finding.Words}; {words}");
        }

        return Judged(C1, finding, words, main);
    }

    private static Verdict Neighbors(Probed main)
    {
        var finding = Findings.Gain("student less teacher", main.Gains(PartNames.Images, row => row.Knn), NeighborGain, main.OverImages(PartNames.Images, RightImages.Knn));
        var words = Invariant($"{finding.Words} ({Levels(main, row => row.Knn)}){Selection.Words(Selection.Of(main, row => row.Knn, row => row.Knn), main.Seeds.Count)}");
        if (Scales.IsPaper(main.Config))
        {
            var printed = Scales.IsVgg(main.Config) ? 51.32 : 44.67;
            finding = Findings.Within("student", Students(main, row => row.Knn), printed - 2, printed + 2);
            words = $"{finding.Words}; {words}";
        }

        return Judged(C2, finding, words, main);
    }

    private static Verdict Pixels(Probed main)
    {
        if (main.Input(row => row.Lin) is not { } pixels)
            return C3.NotRun(Missing);
        var gains = main.Differences(seed => main.Student(seed, PartNames.Images, row => row.Lin), _ => pixels);
        if (Scales.IsPaper(main.Config))
        {
            var atSize = Findings.Gain("student less pixels", gains, Scales.IsVgg(main.Config) ? 9 : 4);
            return Judged(C3, atSize, Invariant($"{atSize.Words} (pixels {pixels:0.00})"), main);
        }

        var finding = Findings.Positive("student less pixels", gains);
        var isExcused = finding.Outcome != Outcome.Supported && Pictures.Shape(main.Config.Data)[0] < ExpectedRows;
        var reason = isExcused ? "; not expected of images this small" : "";
        return Judged(C3, isExcused ? finding with { Outcome = Outcome.Inconclusive } : finding, Invariant($"{finding.Words} (pixels {pixels:0.00}){reason}"), main);
    }

    private static Verdict ScaleFree(Probed main)
    {
        var (plain, ridge) = (main.Gains(PartNames.Images, row => row.Lin), main.Gains(PartNames.Images, row => row.Ridge));
        var finding = Findings.Both(
            Findings.Positive("ridge", ridge, main.OverImages(PartNames.Images, RightImages.Ridge)),
            Findings.Positive("neighbours", main.Gains(PartNames.Images, row => row.Knn), main.OverImages(PartNames.Images, RightImages.Knn)));
        var share = Statistics.Mean(ridge) / Statistics.Mean(plain);
        return Judged(C4, finding, Invariant($"gains: {finding.Words}; plain probe {Statistics.Mean(plain):+0.00;−0.00}, of which ridge finds {100 * share:0} %"), main);
    }

    private static Verdict Kick(Probed main)
    {
        if (!main.Config.Distillation.Controls)
            return C5.NotRun("needs distillation.controls=true");
        var finding = Findings.Gain("student less kicked teacher", main.Differences(seed => main.Student(seed, PartNames.Images, row => row.Ridge), seed => main.Control(seed, Subject.Kicked, row => row.Ridge)), KickGain);
        if (finding.Outcome is Outcome.Supported or Outcome.Partly && Findings.Positive("", main.Gains(PartNames.Images, row => row.Ridge)).Outcome != Outcome.Supported)
            finding = finding with { Outcome = Outcome.Inconclusive, Words = $"{finding.Words}; undecided, as the interval of the student's gain on its teacher is not above 0" };
        var kicked = Statistics.Mean([.. main.Seeds.Select(seed => main.Control(seed, Subject.Kicked, row => row.Ridge)).OfType<double>()]);
        var calibrated = main.Seeds.Select(seed => main.Control(seed, Subject.Recalibrated, row => row.Ridge)).OfType<double>().ToArray();
        var beside = calibrated.Length == 0 ? "" : Invariant($", teacher with batch statistics {Statistics.Mean(calibrated):0.00}");
        return Judged(C5, finding, Invariant($"{finding.Words} (kicked {kicked:0.00}{beside}, {Levels(main, row => row.Ridge)})"), main);
    }

    private static Verdict Noise(Probed main)
    {
        if (!main.Config.Distillation.Noise)
            return C6.NotRun("needs distillation.noise=true");
        IReadOnlyList<double> Over(Func<ProbeRow, double> probe) => main.Differences(seed => main.Student(seed, PartNames.Images, probe), seed => main.Student(seed, PartNames.Noise, probe));
        Finding[] findings =
        [
            Findings.AtMost("noise less teacher: standardized", main.Gains(PartNames.Noise, row => row.LinStd), NoiseStandardized),
            Findings.AtMost("ridge", main.Gains(PartNames.Noise, row => row.Ridge), NoiseRidge),
            Findings.AtMost("neighbours", main.Gains(PartNames.Noise, row => row.Knn), NoiseNeighbors),
            Findings.Gain("images less noise: standardized", Over(row => row.LinStd), DataOverNoiseStandardized),
            Findings.Gain("ridge", Over(row => row.Ridge), DataOverNoiseRidge),
            Findings.Gain("neighbours", Over(row => row.Knn), DataOverNoiseNeighbors),
        ];
        var finding = Scales.IsPaper(main.Config) ? Findings.AtMost("plain probe, noise less teacher:", main.Gains(PartNames.Noise, row => row.Lin), 0) : Finding.All(findings);
        var words = string.Join("; ", findings.Select(one => one.Words));
        return Judged(C6, finding, Scales.IsPaper(main.Config) ? $"{finding.Words}; {words}" : words, main);
    }

    private static Verdict Locality(Probed? locality, Probed? main)
    {
        if (locality is not null && locality.Config.Locality.Alphas.Contains(1) && locality.Config.Locality.Alphas.Count(alpha => alpha <= NearAlpha) > 1)
        {
            var alphas = locality.Config.Locality.Alphas;
            var near = Parts.RandomTeacherParts.Alpha(alphas.Min());
            var means = alphas.Where(alpha => alpha <= NearAlpha).Select(alpha => locality.Mean(Parts.RandomTeacherParts.Alpha(alpha), row => row.LinStd)).ToArray();
            var spread = means.Max() - means.Min();
            var finding = NearAndFar(locality, near, Parts.RandomTeacherParts.Alpha(1)).And(spread <= NearSpread, Invariant($"spread over alpha ≤ {NearAlpha} {spread:0.00}"));
            var levels = string.Join(", ", alphas.Select(alpha => Invariant($"{alpha}: {locality.Mean(Parts.RandomTeacherParts.Alpha(alpha), row => row.LinStd):0.00}")));
            return C8.Judge(finding.Outcome, $"{finding.Words}; standardized by alpha {levels}", Scales.Of(locality.Config, finding.Seeds, locality.LeftOut, "locality"), finding.Estimate, finding.Seeds);
        }

        if (main is null || !main.Config.Distillation.Far)
            return C8.NotRun("needs part locality with alpha 1 and two of at most 0.6, or part distillation with distillation.far=true");
        var both = NearAndFar(main, PartNames.Images, PartNames.Far);
        var outcome = both.Outcome == Outcome.Supported ? Outcome.Partly : both.Outcome;
        return Judged(C8, both with { Outcome = outcome }, $"{both.Words}; the spread over alpha needs parts=[locality]", main);
    }

    private static Finding NearAndFar(Probed probed, string near, string far)
    {
        IReadOnlyList<double> Over(Func<ProbeRow, double> probe) => probed.Differences(seed => probed.Student(seed, near, probe), seed => probed.Student(seed, far, probe));
        return Finding.All(
        [
            Findings.Gain("near less far: standardized", Over(row => row.LinStd), NearOverFarStandardized),
            Findings.Gain("neighbours", Over(row => row.Knn), NearOverFarNeighbors),
            Findings.Gain("far less teacher: standardized", probed.Gains(far, row => row.LinStd), FarGain),
        ]);
    }

    private static Verdict Judged(Claim claim, Finding finding, string words, Probed main)
        => claim.Judge(finding.Outcome, words, Scales.Of(main.Config, finding.Seeds, main.LeftOut, "distillation"), finding.Estimate, finding.Seeds);

    private static double[] Students(Probed main, Func<ProbeRow, double> probe) => [.. main.Seeds.Select(seed => main.Student(seed, PartNames.Images, probe)).OfType<double>()];

    private static double[] Teachers(Probed main, Func<ProbeRow, double> probe) => [.. main.Seeds.Select(seed => main.Teacher(seed, PartNames.Images, probe)).OfType<double>()];

    /// <summary>32.26 to 36.32.</summary>
    private static string Levels(Probed main, Func<ProbeRow, double> probe) => Invariant($"{Statistics.Mean(Teachers(main, probe)):0.00} to {Statistics.Mean(Students(main, probe)):0.00}");
}

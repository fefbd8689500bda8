using System.Text.Json.Nodes;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Lab.Figures;
using static System.FormattableString;

namespace Understudy.Cli.Commands.Hessian;

/// <summary>A density as it is told and drawn, of nodes and weights that were computed or kept: another width or axis takes no product.</summary>
/// <remarks>A logarithmic axis is that of Papyan 2019, log₁₀ |λ|, with the branch of each sign apart; what is within its floor is told in numbers.</remarks>
internal sealed class DrawnDensity
{
    private const int MostPoints = 20_001;
    private const double PointsPerWidth = 4;

    // of the largest magnitude: rounding of double precision, and of products in single precision
    private const double DoubleFloor = 1e-10;
    private const double SingleFloor = 1e-6;

    // what lies so far below the highest point is not drawn
    private const double Depth = 1e-6;

    private static readonly double Decade = Math.Log(10);

    private readonly SpectralMeasure _measure;
    private readonly Branch[] _branches;
    private readonly string _matrix;
    private readonly double _unit;
    private readonly double _sigma;
    private readonly double? _asked;
    private readonly string _axis;

    // what is smaller is zero to rounding
    private readonly double _zero;

    private DrawnDensity(SpectralMeasure measure, string matrix, string axis, double unit, double sigma, double? asked, double zero, Branch[] branches)
        => (_measure, _matrix, _axis, _unit, _sigma, _asked, _zero, _branches) = (measure, matrix, axis, unit, sigma, asked, zero, branches);

    /// <summary>The axis that was asked for, where there is none such; null where there is.</summary>
    private string? Missing { get; init; }

    private bool IsLogarithmic => _axis == "log";

    /// <summary>The mass of curve, stems and zeros: 1 unless the grid cuts something off.</summary>
    private double Mass => _branches.Sum(branch => branch.Density.CurveMass) + _branches[0].Density.StemMass + (IsLogarithmic ? AtZero : 0);

    /// <summary>The share within the floor of a logarithmic axis.</summary>
    private double AtZero => Math.Max(0, _branches[0].Density.MassAtZero + _branches[1].Density.MassAtZero - _measure.ProbedMass);

    /// <summary>Smooths a measure.</summary>
    /// <param name="measure">Nodes and weights.</param>
    /// <param name="matrix">Whose eigenvalues.</param>
    /// <param name="isSingle">Whether products were in single precision.</param>
    /// <param name="axis">linear, asinh or log.</param>
    /// <param name="sigma">The width, in units of the axis, of a logarithmic one in decades; null for 0.01 of the range, or what the steps resolve.</param>
    /// <remarks>A width that would need more than 20,001 points is widened, and told as it is: the result of a long search is not thrown away for it.</remarks>
    internal static DrawnDensity Of(SpectralMeasure measure, string matrix, bool isSingle, string axis, double? sigma)
    {
        var largest = measure.Stems.ToArray().Select(Math.Abs).Append(Math.Abs(measure.Largest)).Append(Math.Abs(measure.Smallest)).Max();
        var floor = (isSingle ? SingleFloor : DoubleFloor) * largest;
        if (axis == "log" && largest > 0)
        {
            var (scale, width) = Smooth(measure, SpectralAxis.Logarithm(SpectralScale.LogMagnitude, floor), sigma * Decade);
            Branch Of(string name, SpectralScale sign)
                => new(name, SpectralDensity.Of(measure, sigma: width, grid: scale with { Axis = SpectralAxis.Logarithm(sign, floor) }), Decade);
            return new DrawnDensity(measure, matrix, axis, floor, width / Decade, sigma, floor, [Of("positive λ", SpectralScale.LogPositive), Of("negative λ", SpectralScale.LogNegative)]);
        }

        var unit = 1e-3 * Math.Max(Math.Abs(measure.Largest), Math.Abs(measure.Smallest));
        var (grid, own) = Smooth(measure, axis == "asinh" && unit > 0 ? SpectralAxis.Asinh(unit) : SpectralAxis.Linear, sigma);
        var drawn = grid.Axis.Scale == SpectralScale.Asinh ? "asinh" : "linear";
        return new DrawnDensity(measure, matrix, drawn, grid.Axis.Unit, own, sigma, floor, [new Branch("density", SpectralDensity.Of(measure, sigma: own, grid: grid), 1)]) { Missing = drawn == axis ? null : axis };
    }

    /// <summary>For people.</summary>
    internal IEnumerable<string> Lines()
    {
        var where = _axis switch { "asinh" => " on the asinh axis", "log" => " decades", _ => "" };
        var source = _measure.IsExact ? "all eigenvalues" : Invariant($"{_measure.Probes.Count} {(_measure.Probes.Count == 1 ? "probe" : "probes")} of {_measure.Steps} steps, {_measure.Products} products");
        yield return Invariant($"density of {_matrix} from {source}; width σ = {TaskResult.Text(_sigma)}{where}{(_asked < 0.999 * _sigma ? $", the finest that {MostPoints:N0} points show" : "")}, mass {Mass:0.0000}");
        if (Missing is not null)
            yield return $"{_matrix} vanishes beside the stems, so that the axis {Missing} has no unit: this one is linear";
        if (IsLogarithmic)
            yield return Invariant($"beside the stems: positive {_branches[0].Density.CurveMass:0.####}, negative {_branches[1].Density.CurveMass:0.####}, within the floor of {TaskResult.Text(_unit)} {AtZero:0.####}");
        if (IsLogarithmic && !_measure.IsExact)
            yield return "these shares are those of nodes: zeros of the matrix count with the node beside them";
        yield return $"stems     {(_measure.Stems.IsEmpty ? "none" : SpectrumTasks.Joined(_measure.Stems))}";
        var above = 0.01 * _measure.Stems.ToArray().Append(_measure.Largest).Max();
        yield return Invariant($"share of eigenvalues up to 0: {Share(UpToZero())}; number above a hundredth of λ₁: {Share(_measure.CountAbove(above))}");
    }

    /// <summary>Writes curves, nodes and weights into a document.</summary>
    internal void Write(JsonObject document)
    {
        foreach (var old in new[] { "density", "densityHalfWidth", "densityPositive", "densityPositiveHalfWidth", "densityNegative", "densityNegativeHalfWidth" })
            document.Remove(old);
        document["sigma"] = _sigma;
        document["axis"] = new JsonObject { ["name"] = _axis, ["unit"] = _axis == "asinh" ? _unit : null, ["floor"] = IsLogarithmic ? _unit : null };
        (document["mass"], document["massAtZero"]) = (Mass, IsLogarithmic ? AtZero : null);
        document["coordinates"] = TaskResult.Numbers(_branches[0].Curve((_, _) => 0).Select(point => point.X));
        foreach (var (i, branch) in _branches.Index())
        {
            var name = !IsLogarithmic ? "density" : i == 0 ? "densityPositive" : "densityNegative";
            document[name] = TaskResult.Numbers(branch.Curve((density, at) => density.Mean[at]).Select(point => point.Y));
            document[name + "HalfWidth"] = branch.HasBand ? TaskResult.Numbers(branch.Curve((density, at) => density.HalfWidth(at)).Select(point => point.Y)) : null;
        }

        document["stems"] = TaskResult.Numbers(_measure.Stems.ToArray());
        StoredSpectrum.WriteProbes(document, _measure);
    }

    /// <summary>The figure.</summary>
    internal Figure Figure()
    {
        var axis = _branches[0].Density.Grid.Axis;
        var highest = _branches.Max(branch => branch.Curve((density, at) => density.Mean[at]).Max(point => point.Y));
        XY[] Raised(XY[] points) => [.. points.Select(point => point with { Y = Math.Max(Depth * highest, point.Y) })];
        // a line along the bottom would look like a density
        XY[] Seen(XY[] points) => [.. points.Select(point => point.Y >= Depth * highest ? point : point with { Y = double.NaN })];
        IEnumerable<Layer> Layers(Branch branch, SeriesRole role)
        {
            if (branch.HasBand)
                yield return new BandLayer("", Raised(branch.Curve((density, at) => density.Mean[at] - density.HalfWidth(at))), Raised(branch.Curve((density, at) => density.Mean[at] + density.HalfWidth(at))), role);
            yield return new LineLayer(branch.Name, Seen(branch.Curve((density, at) => density.Mean[at])), role);
        }

        var words = _axis switch { "asinh" => $"asinh(λ/λ₀) with λ₀ = {TaskResult.Text(_unit)}", "log" => "log₁₀ |λ|", _ => "eigenvalue λ" };
        var shown = IsLogarithmic ? $" Each sign has its branch; {AtZero.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)} of the eigenvalues are within the floor of {TaskResult.Text(_unit)}." : "";
        double Place(double stem) => IsLogarithmic ? Math.Log10(Math.Abs(stem)) : axis.Coordinate(stem);
        return new Figure(
            "density", $"Density of the eigenvalues of {_matrix}",
            (_measure.IsExact ? "Of all eigenvalues." : Invariant($"Mean over {_measure.Probes.Count} {(_measure.Probes.Count == 1 ? "probe, which has no band" : "probes with its 95 % band")}; stems are eigenvalues found before.")) + $" Width σ = {TaskResult.Text(_sigma)}{(IsLogarithmic ? " decades" : "")}.{shown}",
        [
            new Panel("", new Axis($"{words}   (smoothed by σ = {TaskResult.Text(_sigma)}{(IsLogarithmic ? Invariant($" decades; share within {TaskResult.Text(_unit)} of zero: {AtZero:0.####}") : "")})"), new Axis(IsLogarithmic ? "density per decade" : "density", Logarithmic: true, Min: Depth * highest),
            [
                .. _branches.SelectMany((branch, i) => Layers(branch, i == 0 ? SeriesRole.Student : SeriesRole.Alternative)),
                .. _measure.Stems.ToArray().Where(stem => !IsLogarithmic || Math.Abs(stem) > _unit).Select(stem => new RuleLayer("dashed: outliers", Place(stem), Vertical: true)),
            ]),
        ]);
    }

    /// <summary>A grid as fine as the width asks for, and the width, which is widened where that would be too many points.</summary>
    private static (SpectralGrid Grid, double Sigma) Smooth(SpectralMeasure measure, SpectralAxis axis, double? sigma)
    {
        var first = SpectralDensity.Of(measure, axis, sigma);
        var range = first.Grid.Last - first.Grid.First;
        var width = Math.Max(first.Sigma, PointsPerWidth * range / MostPoints);
        return (first.Grid with { Points = Math.Max(first.Grid.Points, (int)Math.Min(MostPoints, Math.Ceiling(PointsPerWidth * range / width))) }, width);
    }

    /// <summary>The share of eigenvalues up to 0; those that are zero to rounding may be on either side, also where nothing else is uncertain.</summary>
    private SpectralShare UpToZero() => new(_measure.ShareUpTo(0).Value, _measure.ShareUpTo(-_zero).Lower, _measure.ShareUpTo(_zero).Upper);

    private static string Share(SpectralShare share) => Invariant($"{share.Value:0.###} [{share.Lower:0.###}, {share.Upper:0.###}]");

    /// <summary>A curve, in units of the axis that is drawn.</summary>
    /// <param name="Name">In the legend.</param>
    /// <param name="Density">Per unit of u.</param>
    /// <param name="Unit">u of one unit that is drawn.</param>
    private sealed record Branch(string Name, SpectralDensity Density, double Unit)
    {
        /// <summary>Whether the spread of probes is known, and not nothing.</summary>
        internal bool HasBand => Density.Probes > 1;

        internal XY[] Curve(Func<SpectralDensity, int, double> value)
            => [.. Enumerable.Range(0, Density.Grid.Points).Select(i => new XY(Density.Grid.Coordinate(i) / Unit, Unit * value(Density, i)))];
    }
}

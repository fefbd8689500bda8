namespace Understudy.Learning.Geometry;

/// <summary>The residual f* − f at both ends and the middle of a segment across a boundary, and what single students see of it.</summary>
internal sealed class Segment
{
    private readonly BoundaryProbes _probes;
    private readonly double[] _reach;
    private readonly double[] _z;
    private readonly double[] _end;
    private readonly double[] _residuals;
    private int _probe;

    /// <summary>Segments across one boundary.</summary>
    /// <param name="probes">The probes.</param>
    /// <param name="boundary">The node whose boundary is crossed, numbered over both networks.</param>
    /// <param name="step">Half the length of the segment.</param>
    internal Segment(BoundaryProbes probes, int boundary, double step)
    {
        (_probes, Boundary) = (probes, boundary);
        (_reach, _z, _end) = (new double[probes.Nodes], new double[probes.Nodes], new double[probes.Nodes]);
        _residuals = new double[3 * probes.Teacher.Outputs];
        Resize(step);
    }

    internal int Boundary { get; }

    /// <summary>What the residual may be wrong by.</summary>
    internal double Rounding { get; private set; }

    /// <summary>Changes half the length of the segment.</summary>
    internal void Resize(double step) => _probes.Reach(Boundary, step, _reach);

    /// <summary>How much longer the segment could be before another boundary meets it; infinite where none ever does.</summary>
    internal double Free()
    {
        var free = double.PositiveInfinity;
        for (var i = 0; i < _z.Length; i++)
        {
            if (i != Boundary && _reach[i] != 0)
                free = Math.Min(free, Math.Abs(_z[i] / _reach[i]));
        }

        return free;
    }

    /// <summary>Moves to a probe; <see cref="Evaluate"/> computes the residual there.</summary>
    internal void MoveTo(int probe)
    {
        _probe = probe;
        _probes.At(Boundary, probe, _z);
    }

    /// <summary>Whether the boundary of another node among the first crosses the segment.</summary>
    internal bool IsCrossed(int nodes) => BoundaryProbes.IsCrossed(_z, _reach, Boundary, nodes);

    /// <summary>κ of a node on this segment.</summary>
    internal double Kappa(int node) => ProbeIdentity.Cut(_reach[node], _z[node]);

    /// <summary>Computes the residual at the three points.</summary>
    internal void Evaluate()
    {
        for (var at = -1; at <= 1; at++)
        {
            _z.CopyTo(_end, 0);
            Dense.Add(at, _reach, _end);
            _probes.Residual(_end, Residual(at));
        }

        Rounding = _probes.Rounding(Boundary, _probe, _reach);
    }

    /// <summary>Whether a student is active at all three points; every one is where the activation leaks.</summary>
    internal bool Observes(int student)
    {
        var node = _probes.Teacher.Nodes + student;
        return _probes.Student.Slope > 0 || _z[node] > Math.Abs(_reach[node]);
    }

    /// <summary>δ: the largest |γ| of a student at the three points, rounded up.</summary>
    internal double Gradient(int student)
    {
        var fanOut = _probes.Student.FanOut(student);
        var largest = 0.0;
        for (var at = -1; at <= 1; at++)
            largest = Math.Max(largest, Math.Abs(Dense.Dot(fanOut, Residual(at))));
        return largest + (Rounding * _probes.Student.FanOutNorm(student));
    }

    /// <summary>The largest ‖f* − f‖ at the three points, rounded up.</summary>
    internal double LargestResidual() => Math.Max(Dense.Norm(Residual(-1)), Math.Max(Dense.Norm(Residual(0)), Dense.Norm(Residual(1)))) + Rounding;

    private Span<double> Residual(int at) => _residuals.AsSpan((at + 1) * _probes.Teacher.Outputs, _probes.Teacher.Outputs);
}

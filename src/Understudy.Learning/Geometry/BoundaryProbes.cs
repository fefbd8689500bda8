namespace Understudy.Learning.Geometry;

/// <summary>Inputs moved onto the boundaries of the nodes of a teacher and a student, with what every node computes there.</summary>
/// <remarks>
/// A probe of a node is an input's foot on the boundary of that node. Steps along its unit normal change every pre-activation
/// linearly, so probes cost no product with the inputs. Both networks read the same inputs and have the same outputs.
/// </remarks>
public sealed class BoundaryProbes
{
    private readonly double[] _inputs;
    private readonly double[] _z;
    private readonly double[] _products;
    private readonly double[] _norms;
    private readonly int _nodes;

    // of the terms of a product; a few hundred inputs lose three digits at most
    private const double UnitsOfTerms = 1e-13;

    /// <summary>Prepares probes for every node of both networks.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="student">The student.</param>
    /// <param name="inputs">[probes, d].</param>
    /// <exception cref="ArgumentException">The networks or the inputs do not fit together.</exception>
    public BoundaryProbes(TwoLayerNodes teacher, TwoLayerNodes student, ReadOnlySpan<float> inputs)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        if (teacher.Inputs != student.Inputs || teacher.Outputs != student.Outputs || inputs.Length % teacher.Inputs != 0)
            throw new ArgumentException("Teacher, student and inputs need the same dimensions.");
        (Teacher, Student, Count, _nodes) = (teacher, student, inputs.Length / teacher.Inputs, teacher.Nodes + student.Nodes);
        _inputs = new double[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
            _inputs[i] = inputs[i];
        (_z, _products, _norms) = (new double[Count * _nodes], new double[_nodes * _nodes], new double[Count]);
        for (var i = 0; i < Count; i++)
            _norms[i] = Dense.Norm(Input(i));
        for (var node = 0; node < _nodes; node++)
        {
            for (var i = 0; i < Count; i++)
                _z[(i * _nodes) + node] = Dense.Dot(Weight(node), Input(i)) + Bias(node);
            for (var other = 0; other <= node; other++)
                _products[(node * _nodes) + other] = _products[(other * _nodes) + node] = Dense.Dot(Weight(node), Weight(other));
        }
    }

    /// <summary>The teacher.</summary>
    public TwoLayerNodes Teacher { get; }

    /// <summary>The student.</summary>
    public TwoLayerNodes Student { get; }

    /// <summary>Probes per boundary.</summary>
    public int Count { get; }

    /// <summary>Nodes of both networks, teacher first: the numbering of the members below.</summary>
    internal int Nodes => _nodes;

    internal double WeightNorm(int node) => node < Teacher.Nodes ? Teacher.WeightNorm(node) : Student.WeightNorm(node - Teacher.Nodes);

    /// <summary>Pre-activations of all nodes at a probe of one of them, whose own is 0, and so is that of a boundary which coincides there up to rounding.</summary>
    internal void At(int boundary, int probe, Span<double> z)
    {
        var raw = _z.AsSpan(probe * _nodes, _nodes);
        var products = Products(boundary);
        raw.CopyTo(z);
        Dense.Add(-raw[boundary] / products[boundary], products, z);
        z[boundary] = 0;
        for (var i = 0; i < _nodes; i++)
        {
            if (Math.Abs(z[i]) <= UnitsOfTerms * Terms(boundary, probe, i))
                z[i] = 0;
        }
    }

    /// <summary>By how much each pre-activation grows over a step along the unit normal of a boundary.</summary>
    internal void Reach(int boundary, double step, Span<double> reach)
    {
        reach.Clear();
        Dense.Add(step / WeightNorm(boundary), Products(boundary), reach);
    }

    /// <summary>The probe itself, [d].</summary>
    internal void Point(int boundary, int probe, Span<double> x)
    {
        Input(probe).CopyTo(x);
        Dense.Add(-_z[(probe * _nodes) + boundary] / Products(boundary)[boundary], Weight(boundary), x);
    }

    /// <summary>f* − f from the pre-activations of all nodes, [outputs].</summary>
    internal void Residual(ReadOnlySpan<double> z, Span<double> residual)
    {
        Teacher.OutputBiases.CopyTo(residual);
        Dense.Add(-1, Student.OutputBiases, residual);
        Teacher.AddHidden(1, z[..Teacher.Nodes], residual);
        Student.AddHidden(-1, z[Teacher.Nodes..], residual);
    }

    /// <summary>What the residual may be wrong by, as its terms are rounded.</summary>
    internal double Rounding(int boundary, int probe, ReadOnlySpan<double> reach)
    {
        var sum = Dense.Norm(Teacher.OutputBiases) + Dense.Norm(Student.OutputBiases);
        for (var i = 0; i < _nodes; i++)
            sum += (Terms(boundary, probe, i) + Math.Abs(reach[i])) * (i < Teacher.Nodes ? Teacher.FanOutNorm(i) : Student.FanOutNorm(i - Teacher.Nodes));
        return UnitsOfTerms * sum;
    }

    /// <summary>The size of what is added up to a node's pre-activation at a probe of a boundary.</summary>
    private double Terms(int boundary, int probe, int node)
        => (WeightNorm(node) * (_norms[probe] + Math.Abs(_z[(probe * _nodes) + boundary] / WeightNorm(boundary)))) + Math.Abs(Bias(node));

    /// <summary>Whether another boundary among the first nodes crosses the open segment.</summary>
    internal static bool IsCrossed(ReadOnlySpan<double> z, ReadOnlySpan<double> reach, int boundary, int nodes)
    {
        for (var i = 0; i < nodes; i++)
        {
            if (i != boundary && Math.Abs(reach[i]) > Math.Abs(z[i]))
                return true;
        }

        return false;
    }

    private ReadOnlySpan<double> Products(int node) => _products.AsSpan(node * _nodes, _nodes);

    private ReadOnlySpan<double> Input(int probe) => _inputs.AsSpan(probe * Teacher.Inputs, Teacher.Inputs);

    private ReadOnlySpan<double> Weight(int node) => node < Teacher.Nodes ? Teacher.Weight(node) : Student.Weight(node - Teacher.Nodes);

    private double Bias(int node) => node < Teacher.Nodes ? Teacher.Bias(node) : Student.Bias(node - Teacher.Nodes);
}

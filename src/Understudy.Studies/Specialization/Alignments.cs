using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization;

/// <summary>Every student boundary beside every teacher boundary: which nodes are held, and which are held reversed.</summary>
/// <remarks>
/// A student may carry a teacher's crease with the opposite orientation, since ψ(z) − ψ(−z) is linear; its correlation is then
/// near 0 or negative although the function is right. Specification section 8.3.
/// </remarks>
internal sealed class Alignments
{
    /// <summary>Largest sine, and offset in units of the radius of the data, at which two boundaries count as one.</summary>
    internal const double Epsilon = 0.1;

    /// <summary>Smallest share of the teacher node's ‖v*‖‖w*‖ at which a student's crease counts.</summary>
    private const double SmallestContribution = 0.1;

    private readonly NodeAlignment[] _pairs;
    private readonly int _students;
    private readonly int[] _holders;

    /// <summary>Compares two networks.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="student">The student.</param>
    /// <param name="radius">Root mean square norm of the inputs.</param>
    internal Alignments(TwoLayerNetwork teacher, TwoLayerNetwork student, double radius)
    {
        _students = student.Nodes;
        _pairs = new NodeAlignment[teacher.Nodes * student.Nodes];
        _holders = new int[teacher.Nodes];
        IsReversed = new bool[teacher.Nodes];
        IsReversedStudent = new bool[student.Nodes];
        for (var j = 0; j < teacher.Nodes; j++)
        {
            var contribution = teacher.FanOutNorm(j) * teacher.WeightNorm(j);
            var (same, opposite) = (false, false);
            for (var k = 0; k < student.Nodes; k++)
            {
                var pair = NodeAlignment.Of(teacher.Weight(j), teacher.Biases[j], student.Weight(k), student.Biases[k]);
                _pairs[(j * _students) + k] = pair;
                if (pair.UnorientedSine < this[j, _holders[j]].UnorientedSine)
                    _holders[j] = k;
                if (!pair.IsWithin(Epsilon, radius) || student.FanOutNorm(k) * student.WeightNorm(k) < SmallestContribution * contribution)
                    continue;
                same |= pair.Cosine > 0;
                opposite |= pair.Cosine < 0;
                IsReversedStudent[k] |= pair.Cosine < 0;
            }

            IsReversed[j] = opposite && !same;
        }
    }

    /// <summary>Teacher nodes whose boundary a student holds reversed and none holds as it is.</summary>
    internal bool[] IsReversed { get; }

    /// <summary>Students that hold some teacher boundary reversed.</summary>
    internal bool[] IsReversedStudent { get; }

    /// <summary>The alignment of a pair.</summary>
    internal NodeAlignment this[int teacher, int student] => _pairs[(teacher * _students) + student];

    /// <summary>The alignment of a teacher node with the student of the smallest sine, whatever its orientation.</summary>
    internal NodeAlignment Closest(int teacher) => this[teacher, _holders[teacher]];
}

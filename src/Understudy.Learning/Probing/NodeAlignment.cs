namespace Understudy.Learning.Probing;

/// <summary>How the boundary of one node lies to that of another; specification section 1.5.</summary>
/// <param name="Cosine">Cosine of the angle between the weight vectors; negative for opposite orientations.</param>
/// <param name="OffsetError">| b/‖w‖ − sign(cos)·b*/‖w*‖ |: the distance between the boundaries once they are parallel.</param>
public readonly record struct NodeAlignment(double Cosine, double OffsetError)
{
    /// <summary>Sine of the angle where the orientations agree; 1 where they do not.</summary>
    public double OrientedSine => Cosine > 0 ? UnorientedSine : 1;

    /// <summary>Sine of the angle between the boundaries as sets, whichever side is active.</summary>
    public double UnorientedSine => Math.Sqrt(Math.Max(0, 1 - (Cosine * Cosine)));

    /// <summary>Whether both boundaries agree up to ε: sine at most ε, offset at most ε times the radius of the data.</summary>
    public bool IsWithin(double epsilon, double radius) => UnorientedSine <= epsilon && OffsetError <= epsilon * radius;

    /// <summary>The alignment of a node (w, b) with a teacher node (w*, b*); a zero weight vector has cosine 0.</summary>
    public static NodeAlignment Of(ReadOnlySpan<double> teacher, double teacherBias, ReadOnlySpan<double> student, double studentBias)
    {
        if (teacher.Length != student.Length)
            throw new ArgumentException($"The nodes read {teacher.Length} and {student.Length} inputs.");
        var (inner, t, s) = (0.0, 0.0, 0.0);
        for (var i = 0; i < teacher.Length; i++)
        {
            inner += teacher[i] * student[i];
            t += teacher[i] * teacher[i];
            s += student[i] * student[i];
        }

        if (!(t > 0 && s > 0))
            return new NodeAlignment(0, double.PositiveInfinity);
        (t, s) = (Math.Sqrt(t), Math.Sqrt(s));
        var cosine = Math.Clamp(inner / (t * s), -1, 1);
        return new NodeAlignment(cosine, Math.Abs((studentBias / s) - (Math.Sign(cosine) * teacherBias / t)));
    }
}

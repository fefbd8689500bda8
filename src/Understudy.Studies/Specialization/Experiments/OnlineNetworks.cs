using Understudy.Lab.Runs;
using Understudy.Learning.OnlineLearning;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Teachers and initial students of part online; specification section 11.</summary>
internal static class OnlineNetworks
{
    private const string TeacherWeights = "online/teacher";
    private const string StudentWeights = "online/student";
    private const string TeacherKept = "online/teacher-kept";
    private const string Samples = "online/samples";
    private const string Choices = "online/choices";
    private const string FloorTeacher = "online/floor-teacher";
    private const string FloorStudent = "online/floor-student";
    private const string FloorSamples = "online/floor-samples";
    private const string FloorStart = "online/floor";
    private const double Tiny = 1e-3;
    private const double Moved = 0.03;

    internal static Committee Teacher(OnlineConfig part, RunContext run, int seed)
    {
        var teacher = new Committee(part.Inputs, part.TeacherNodes);
        for (var n = 0; n < teacher.Nodes; n++)
        {
            run.Random(TeacherWeights, seed).FillNormal(n, teacher.Weight(n));
            if (part.MixedSigns && n % 2 == 1)
                teacher.FanOut[n] = -1;
            Shape(part, teacher.Weight(n), run, seed, n);
        }

        return teacher;
    }

    internal static Committee Student(OnlineConfig part, Committee teacher, RunContext run, int seed)
    {
        var student = new Committee(part.Inputs, part.StudentNodes);
        var random = run.Random(StudentWeights, seed);
        var (hidden, output) = Deviations(part);
        for (var k = 0; k < student.Nodes; k++)
        {
            var weight = student.Weight(k);
            random.FillNormal(k, weight);
            foreach (ref var w in weight)
                w = (float)(hidden * w);
            if (Copied(part, k) is not { } copied)
                continue;
            for (var i = 0; i < weight.Length; i++)
                weight[i] += teacher.Weight(copied)[i];
        }

        if (part.Layers == OnlineLayers.Both || part.Initialization == OnlineInitialization.Denoiser)
            FillFanOut(part, teacher, student, output, run, seed);
        else if (part.Initialization == OnlineInitialization.Informed)
            teacher.FanOut.AsSpan(0, Math.Min(teacher.Nodes, student.Nodes)).CopyTo(student.FanOut);
        return student;
    }

    internal static OnlineSimulation Simulation(OnlineConfig part, RunContext run, int seed)
    {
        var teacher = Teacher(part, run, seed);
        return new OnlineSimulation(part.Options, teacher, Student(part, teacher, run, seed), run.Random(Samples, seed), run.Random(Choices, seed));
    }

    /// <summary>A simulation under label noise whose order parameters begin near those of <see cref="NearTeacher"/>; the teacher's nodes are orthogonal and of length √N.</summary>
    internal static OnlineSimulation Floor(OnlineLearningOptions options, int inputs, int studentNodes, int teacherNodes, RunContext run, int seed)
    {
        var (teacher, student) = (new Committee(inputs, teacherNodes), new Committee(inputs, studentNodes));
        for (var n = 0; n < teacherNodes; n++)
        {
            run.Random(FloorTeacher, seed).FillNormal(n, teacher.Weight(n));
            for (var earlier = 0; earlier < n; earlier++)
                Add(-Overlap(teacher.Weight(n), teacher.Weight(earlier)), teacher.Weight(earlier), teacher.Weight(n));
            var length = Math.Sqrt(Overlap(teacher.Weight(n), teacher.Weight(n)));
            foreach (ref var w in teacher.Weight(n))
                w = (float)(w / length);
        }

        var start = NearTeacher(studentNodes, teacherNodes, run, seed);
        for (var k = 0; k < studentNodes; k++)
        {
            run.Random(FloorStudent, seed).FillNormal(k, student.Weight(k));
            foreach (ref var w in student.Weight(k))
                w = (float)(Moved * w);
            for (var n = 0; n < teacherNodes; n++)
                Add(start.R[(k * teacherNodes) + n], teacher.Weight(n), student.Weight(k));
        }

        return new OnlineSimulation(options, teacher, student, run.Random(FloorSamples, seed));
    }

    /// <summary>Order parameters of a student near the teacher, T = I: the first nodes at the teacher's, all moved a little in its span.</summary>
    internal static OrderParameters NearTeacher(int studentNodes, int teacherNodes, RunContext run, int seed)
    {
        var start = new OrderParameters(studentNodes, teacherNodes);
        var normal = new double[studentNodes * teacherNodes];
        run.Random(FloorStart, seed).FillNormal(studentNodes, normal);
        for (var n = 0; n < teacherNodes; n++)
            start.T[(n * teacherNodes) + n] = 1;
        for (var at = 0; at < normal.Length; at++)
            start.R[at] = (at / teacherNodes == at % teacherNodes ? 1 : 0) + (Moved * normal[at]);
        for (var i = 0; i < studentNodes; i++)
        {
            for (var k = 0; k < studentNodes; k++)
            {
                // what lies outside of the teacher's span has length Moved
                start.Q[(i * studentNodes) + k] = i == k ? Moved * Moved : 0;
                for (var n = 0; n < teacherNodes; n++)
                    start.Q[(i * studentNodes) + k] += start.R[(i * teacherNodes) + n] * start.R[(k * teacherNodes) + n];
            }
        }

        return start;
    }

    /// <summary>Standard deviations of what is drawn for the first layer and for the output weights.</summary>
    private static (double Hidden, double Output) Deviations(OnlineConfig part) => part.Initialization switch
    {
        OnlineInitialization.Large => (1, 1),
        OnlineInitialization.Mixed => (1 / Math.Sqrt(part.Inputs), 1 / Math.Sqrt(part.StudentNodes)),
        _ => (Tiny, Tiny),
    };

    /// <summary>Takes the weights that the teacher is to have, and gives them their length.</summary>
    private static void Shape(OnlineConfig part, Span<float> weight, RunContext run, int seed, int node)
    {
        if (part.TeacherDensity < 1)
        {
            var kept = new double[weight.Length];
            run.Random(TeacherKept, seed).FillUniform(node, kept);
            for (var i = 0; i < weight.Length; i++)
                weight[i] = kept[i] < part.TeacherDensity ? (float)(weight[i] / Math.Sqrt(part.TeacherDensity)) : 0;
        }

        if (part.TeacherGain.Equals(1))
            return;
        foreach (ref var w in weight)
            w = (float)(part.TeacherGain * w);
    }

    private static double Overlap(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += (double)x[i] * y[i];
        return sum / x.Length;
    }

    private static void Add(double factor, ReadOnlySpan<float> x, Span<float> y)
    {
        for (var i = 0; i < x.Length; i++)
            y[i] = (float)(y[i] + (factor * x[i]));
    }

    private static int? Copied(OnlineConfig part, int node) => part.Initialization switch
    {
        OnlineInitialization.Informed when node < part.TeacherNodes => node,
        OnlineInitialization.Denoiser => node % part.TeacherNodes,
        _ => null,
    };

    private static void FillFanOut(OnlineConfig part, Committee teacher, Committee student, double deviation, RunContext run, int seed)
    {
        run.Random(StudentWeights, seed).FillNormal(student.Nodes, student.FanOut);
        for (var k = 0; k < student.Nodes; k++)
        {
            var drawn = part.Layers == OnlineLayers.Both ? deviation * student.FanOut[k] : 0;
            var copies = part.Initialization == OnlineInitialization.Denoiser
                ? Enumerable.Range(0, student.Nodes).Count(node => Copied(part, node) == Copied(part, k))
                : 1;
            student.FanOut[k] = drawn + (Copied(part, k) is { } copied ? teacher.FanOut[copied] / copies : 0);
        }
    }
}

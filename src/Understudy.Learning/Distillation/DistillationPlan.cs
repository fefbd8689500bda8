using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Distillation;

/// <summary>Students that learn the outputs of frozen teachers without labels, many at once, each with its own teacher, images and start.</summary>
/// <remarks>
/// A teacher is remembered by its bottleneck on every image (<see cref="TeacherCache"/>), so that a step costs the student's passes and one product for the teacher. Batches are drawn from a
/// permutation of each epoch; the N mod batch images left over, others in every epoch, are dropped. Numbers of a replica do not depend on the others, on threads or on the width of
/// registers. Nothing is allocated in a step, only between runs of steps. Source: random-teacher specification, section 2.
/// </remarks>
public sealed class DistillationPlan : IStudentReplicas, IDisposable
{
    private readonly ReplicaPlan _plan;
    private readonly DistillationStep _step;
    private readonly StudentReplicas _replicas;
    private readonly ProjectedEncoder _student;

    private DistillationPlan(DistillationOptions options)
    {
        (_student, _step, Precision) = (options.Student, DistillationStep.Trace(options), options.Precision);
        _plan = ReplicaPlan.Compile(_step.Program, options.Replicas, options.Precision, options.Layout);
        _replicas = new StudentReplicas(_plan, _student.Layout, _step.Carried, _step.Loss, _step.SquaredGradient);
    }

    /// <inheritdoc/>
    public int Replicas => _plan.Replicas;

    /// <inheritdoc/>
    public DType Precision { get; }

    /// <inheritdoc/>
    public int CarriedCount => _replicas.CarriedCount;

    /// <summary>Bytes of the plan, without images.</summary>
    public long Bytes => _plan.Bytes;

    /// <summary>Traces and compiles the step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A batch below 1, or a temperature that is not positive and finite.</exception>
    public static DistillationPlan Compile(DistillationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, nameof(options));
        foreach (var temperature in new[] { options.StudentTemperature, options.TeacherTemperature })
        {
            if (!(temperature > 0 && double.IsFinite(temperature)))
                throw new ArgumentOutOfRangeException(nameof(options), temperature, "A temperature must be positive and finite.");
        }

        return new DistillationPlan(options);
    }

    /// <summary>Puts a student at a start; moments and running statistics begin anew.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="parameters">θ_S, of the student's layout.</param>
    /// <exception cref="ArgumentException">There are more or fewer than the layout has.</exception>
    public void SetStudent(int replica, ReadOnlySpan<double> parameters)
    {
        _replicas.Write(_step.Parameters, replica, parameters);
        _replicas.BeginCarried(replica);
    }

    /// <inheritdoc/>
    public void GetStudent(int replica, Span<double> parameters) => _replicas.Read(_step.Parameters, replica, parameters);

    /// <inheritdoc/>
    public void GetCarried(int replica, Span<double> carried) => _replicas.GetCarried(replica, carried);

    /// <inheritdoc/>
    public void SetCarried(int replica, ReadOnlySpan<double> carried) => _replicas.SetCarried(replica, carried);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelStatistics> Statistics(int replica) => _replicas.Statistics(_step.Statistics, replica);

    /// <summary>Sets the part of a replica's teacher behind the bottleneck, of which <see cref="TeacherCache"/> gives what is before it.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="teacher">θ_T, of the student's layout.</param>
    /// <exception cref="ArgumentException">There are more or fewer than the layout has.</exception>
    public void SetTeacher(int replica, ReadOnlySpan<double> teacher)
    {
        if (teacher.Length != _student.Layout.Count)
            throw new ArgumentException($"A teacher has {_student.Layout.Count} parameters, but was given {teacher.Length}.", nameof(teacher));
        // the tail is the end of the layout
        var slots = _student.Layout.Slots;
        for (var i = 0; i < _step.Tail.Length; i++)
            _plan.Write(_step.Tail[i], replica, slots[slots.Count - _step.Tail.Length + i].Of(teacher));
    }

    /// <summary>Sets a replica's learning rate, from the next step on.</summary>
    public void SetLearningRate(int replica, double rate) => _plan.Write(_step.Descent, replica, [-rate]);

    /// <summary>Sets the learning rate of all replicas, from the next step on.</summary>
    public void SetLearningRates(double rate)
    {
        for (var replica = 0; replica < Replicas; replica++)
            SetLearningRate(replica, rate);
    }

    /// <summary>Takes in rows that replicas may share: images [N, d], or a teacher's bottlenecks [N, k].</summary>
    public RowTable AddTable(ReadOnlySpan<float> rows, int width) => _plan.AddTable(rows, width);

    /// <summary>Takes in rows that replicas may share: images [N, d], or a teacher's bottlenecks [N, k].</summary>
    public RowTable AddTable(ReadOnlySpan<double> rows, int width) => _plan.AddTable(rows, width);

    /// <summary>Sets a replica's images, and the bottlenecks of its teacher on them.</summary>
    /// <exception cref="ArgumentException">The tables do not fit, or there are fewer images than a batch has.</exception>
    public void SetImages(int replica, RowTable images, RowTable bottlenecks) => _plan.SetTables(replica, [images, bottlenecks]);

    /// <summary>Sets the random numbers a replica's batches are drawn with: step t uses those of step t.</summary>
    public void SetBatches(int replica, RandomSequence batches) => _plan.SetSequence(replica, batches);

    /// <summary>Does steps of several plans, of each its own, their students shared out over the team.</summary>
    /// <returns>Whether every plan has done its steps: not only where cancellation was requested, which leaves the plans at different steps.</returns>
    public static bool RunAll(IReadOnlyList<(DistillationPlan Plan, long FirstStep, int Steps)> plans, Team team, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plans);
        var done = ReplicaPlan.RunAll([.. plans.Select(item => (item.Plan._plan, item.FirstStep, item.Steps))], team, cancellation);
        return plans.All(item => item.Steps <= done);
    }

    /// <inheritdoc/>
    public (double Loss, double GradientNorm) LastStep(int replica) => _replicas.LastStep(replica);

    /// <summary>The compiled step, instruction by instruction, for people.</summary>
    public string Explain() => _plan.Explain();

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}

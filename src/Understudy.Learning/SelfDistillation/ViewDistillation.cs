using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.Training;

namespace Understudy.Learning.SelfDistillation;

/// <summary>Students distilled without labels from teachers that are asked in every step: teachers that move, views of images, centred and sharpened outputs.</summary>
/// <remarks>
/// <para>With the teacher's outputs t and the student's s on V views, p = softmax((t − c)/τ_T) and q = softmax(s/τ_S), the loss is −Σ p log q, averaged over the batch and over pairs of views. Then the student descends, the
/// teacher moves, and the centre goes c ← μ c + (1 − μ) mean(t) over the batch of all views. Batch normalizations of the student see all views of a batch as one.</para>
/// <para>With a frozen teacher, one view of images as they are, no centre and temperatures of 1 these are the steps of <see cref="DistillationPlan"/>, which remembers its teacher and is faster.</para>
/// <para>Batches are drawn as there. A view is drawn by the random numbers of its replica at its step and image, so that nothing depends on threads, on the other replicas, or on where a training was taken up again.
/// Cost of a step: V times the student's passes and one of the teacher. Source: Caron et al. 2021.</para>
/// </remarks>
public sealed class ViewDistillation : IStudentReplicas, IDisposable
{
    private const int ChunkRows = 16;

    private readonly ViewDistillationOptions _options;
    private readonly ViewDistillationStep _step;
    private readonly ReplicaPlan _plan;
    private readonly CarriedStates _carried;
    private readonly StepCourses _courses;
    private readonly ReadOnlyMemory<float> _images;
    private readonly RandomSequence[] _batches;
    private readonly RandomSequence[][] _views;
    private readonly int[][] _orders;
    private readonly float[] _drawn;
    private readonly double[] _inputs;
    private long _ordered = -1;

    /// <summary>Compiles a training; every replica needs a start and a teacher then.</summary>
    /// <param name="options">How.</param>
    /// <param name="images">[N, d], of all replicas; read in every step, not copied.</param>
    /// <param name="random">One per replica: the random numbers of its batches and, behind <c>/view/0</c> and so on, of its views.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or there are fewer images than a batch has, or another number of sequences than replicas.</exception>
    public ViewDistillation(ViewDistillationOptions options, ReadOnlyMemory<float> images, IReadOnlyList<RandomSequence> random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Check();
        var width = options.Student.Inputs;
        if (images.Length % width != 0 || images.Length / width < options.Batch)
            throw new ArgumentException($"{images.Length} numbers are not {options.Batch} images or more of {width}.", nameof(images));
        if (random.Count != options.Replicas)
            throw new ArgumentException($"There are {options.Replicas} replicas, but {random.Count} sequences of random numbers.", nameof(random));
        var count = images.Length / width;
        StepsPerEpoch = count / options.Batch;
        (_options, _step, _courses) = (options, ViewDistillationStep.Trace(options), new StepCourses(options, StepsPerEpoch));
        _plan = ReplicaPlan.Compile(_step.Program, options.Replicas, options.Precision, options.Layout);
        _carried = new CarriedStates(_plan, _step.Carried);
        (_images, _batches) = (images, [.. random]);
        _views = [.. random.Select(own => Enumerable.Range(0, options.Views).Select(view => own.For($"/view/{view}")).ToArray())];
        _orders = [.. random.Select(_ => new int[count])];
        var numbers = options.Views * options.Batch * width;
        (_drawn, _inputs) = (new float[options.Replicas * numbers], new double[numbers]);
    }

    /// <summary>The number of students.</summary>
    public int Replicas => _plan.Replicas;

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The next step.</summary>
    public long Step { get; private set; }

    /// <summary>Whether teachers change.</summary>
    public bool HasMovingTeacher => _step.Momentum is not null;

    /// <summary>The length of what a student carries from step to step beside its and its teacher's parameters: moments of the optimizer, running statistics, the centre, and what <see cref="LastStep"/> tells.</summary>
    public int CarriedCount => _carried.Count;

    /// <summary>Bytes of the plan and of the views of a step, without images.</summary>
    public long Bytes => _plan.Bytes + (4L * _drawn.Length) + (8L * _inputs.Length);

    private int Parameters => _options.Student.Layout.Count;

    /// <summary>Puts a student at a start, with its teacher; moments, statistics and centre begin anew.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="student">θ_S, of the student's layout.</param>
    /// <param name="teacher">θ_T, of the same.</param>
    /// <exception cref="ArgumentException">There are more or fewer than the layout has.</exception>
    public void Start(int replica, ReadOnlySpan<double> student, ReadOnlySpan<double> teacher)
    {
        Write(_step.Parameters, replica, student);
        Write(_step.Teacher, replica, teacher);
        _carried.Begin(replica);
    }

    /// <summary>Goes to a step of the training, as for students and teachers that are set to where they stood then.</summary>
    /// <param name="step">The next step.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not among those of the training.</exception>
    public void GoTo(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, _options.Steps);
        Step = step;
    }

    /// <inheritdoc/>
    public void GetStudent(int replica, Span<double> parameters) => Read(_step.Parameters, replica, parameters);

    /// <summary>Reads a teacher's parameters.</summary>
    /// <exception cref="ArgumentException">There is room for another number than it has.</exception>
    public void GetTeacher(int replica, Span<double> parameters) => Read(_step.Teacher, replica, parameters);

    /// <summary>Reads what a student carries, [<see cref="CarriedCount"/>].</summary>
    /// <exception cref="ArgumentException">There is room for another number than it carries.</exception>
    public void GetCarried(int replica, Span<double> carried)
    {
        CheckCarried(carried);
        _carried.Read(replica, carried);
    }

    /// <summary>Sets what a student carries, after <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than it carries.</exception>
    public void SetCarried(int replica, ReadOnlySpan<double> carried)
    {
        CheckCarried(carried);
        _carried.Write(replica, carried);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelStatistics> Statistics(int replica) => _step.Statistics.Read((state, values) => _plan.Read(state, replica, values));

    /// <summary>The statistics with which a teacher is evaluated: running ones of its own or of its student; null for those a network starts with.</summary>
    public IReadOnlyList<ChannelStatistics>? StatisticsOfTeacher(int replica)
        => _options.TeacherStatistics == TeacherStatistics.Student ? Statistics(replica) : _step.OfTeacher?.Read((state, values) => _plan.Read(state, replica, values));

    /// <summary>The centre of a teacher's outputs, [m].</summary>
    /// <exception cref="InvalidOperationException">The training was compiled without one.</exception>
    public double[] Center(int replica)
    {
        var center = new double[_options.Student.Outputs];
        _plan.Read(_step.Center ?? throw new InvalidOperationException("The training was compiled without a centre."), replica, center);
        return center;
    }

    /// <inheritdoc/>
    public (double Loss, double GradientNorm) LastStep(int replica)
    {
        Span<double> value = stackalloc double[2];
        _plan.Read(_step.Loss, replica, value[..1]);
        _plan.Read(_step.SquaredGradient, replica, value[1..]);
        return (value[0], Math.Sqrt(value[1]));
    }

    /// <summary>Does one step of every training, their students shared out over the team.</summary>
    /// <param name="trainings">Each once, at a step of its own.</param>
    /// <param name="team">Threads; results do not depend on it.</param>
    /// <exception cref="InvalidOperationException">A training is at its end.</exception>
    public static void DoStep(IReadOnlyList<ViewDistillation> trainings, Team team)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        ArgumentNullException.ThrowIfNull(team);
        if (trainings.FirstOrDefault(training => training.Step >= training._options.Steps) is { } ended)
            throw new InvalidOperationException($"The training has {ended._options.Steps} steps, and all are done.");
        foreach (var training in trainings)
            training.Prepare(team);
        ReplicaPlan.RunAll([.. trainings.Select(training => (training._plan, training.Step, 1))], team, CancellationToken.None);
        foreach (var training in trainings)
            training.Step++;
    }

    /// <summary>The compiled step, instruction by instruction, for people.</summary>
    public string Explain() => _plan.Explain();

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    /// <summary>Writes what a step reads: views of its batches, and what follows schedules.</summary>
    private void Prepare(Team team)
    {
        var epoch = Step / StepsPerEpoch;
        var first = (int)(Step % StepsPerEpoch) * _options.Batch;
        if (epoch != _ordered)
        {
            for (var replica = 0; replica < Replicas; replica++)
                _batches[replica].FillPermutation(epoch, _orders[replica]);
            _ordered = epoch;
        }

        var (width, rows) = (_options.Student.Inputs, _options.Views * _options.Batch);
        team.Run(((Replicas * rows) + ChunkRows - 1) / ChunkRows, chunk =>
        {
            for (var at = chunk * ChunkRows; at < Math.Min(Replicas * rows, (chunk + 1) * ChunkRows); at++)
            {
                var (replica, view, place) = (at / rows, at % rows / _options.Batch, at % _options.Batch);
                var row = _orders[replica][first + place];
                var image = _images.Span.Slice(row * width, width);
                var drawn = _drawn.AsSpan(at * width, width);
                if (_options.View is { } random)
                    random.Write(image, drawn, _views[replica][view], Step, row);
                else
                    image.CopyTo(drawn);
            }
        });
        for (var replica = 0; replica < Replicas; replica++)
        {
            for (var i = 0; i < _inputs.Length; i++)
                _inputs[i] = _drawn[(replica * _inputs.Length) + i];
            _plan.Write(_step.Inputs, replica, _inputs);
            _courses.Write(_plan, _step, replica, Step);
        }
    }

    private void Write(Sym[] symbols, int replica, ReadOnlySpan<double> parameters)
    {
        CheckParameters(parameters);
        for (var i = 0; i < symbols.Length; i++)
            _plan.Write(symbols[i], replica, _options.Student.Layout.Slots[i].Of(parameters));
    }

    private void Read(Sym[] symbols, int replica, Span<double> parameters)
    {
        CheckParameters(parameters);
        for (var i = 0; i < symbols.Length; i++)
            _plan.Read(symbols[i], replica, _options.Student.Layout.Slots[i].Of(parameters));
    }

    private void CheckParameters(ReadOnlySpan<double> parameters)
    {
        if (parameters.Length != Parameters)
            throw new ArgumentException($"Student and teacher have {Parameters} parameters, not {parameters.Length}.", nameof(parameters));
    }

    private void CheckCarried(ReadOnlySpan<double> carried)
    {
        if (carried.Length != CarriedCount)
            throw new ArgumentException($"A student carries {CarriedCount} numbers, not {carried.Length}.", nameof(carried));
    }
}

using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.SelfDistillation;

/// <summary>Students distilled without labels from teachers that are asked in every step: teachers that move, views of images, centred and sharpened outputs.</summary>
/// <remarks>
/// <para>With the teacher's outputs t and the student's s on V views, p = softmax((t − c)/τ_T) and q = softmax(s/τ_S), the loss is −Σ p log q, averaged over the batch and over pairs of views. Then the student descends, the
/// teacher moves, and the centre goes c ← μ c + (1 − μ) mean(t) over the batch of all views. Batch normalizations of the student see all views of a batch as one.</para>
/// <para>With the cosine the loss is 2 − 2 cos of the student's bottlenecks, behind a predictor, and the teacher's. The predictor is a part of what a student carries, and starts as <see cref="EncoderStart"/> draws it.</para>
/// <para>Small views are a further pass of the student alone, with the same parameters and with batch statistics of its own. Running statistics take in the large views, then the small ones, as two passes one after the other do.</para>
/// <para>With a frozen teacher, one view of images as they are, no centre and temperatures of 1 these are the steps of <see cref="DistillationPlan"/>, which remembers its teacher and is faster.</para>
/// <para>Batches are drawn as there. A view is drawn by the random numbers of its replica at its step and image, so that nothing depends on threads, on the other replicas, or on where a training was taken up again.
/// Cost of a step: V times the student's passes and one of the teacher, and S times the student's on small images. Source: Caron et al. 2021.</para>
/// </remarks>
public sealed class ViewDistillation : IStudentReplicas, IDisposable
{
    private const int ChunkRows = 16;

    private readonly ViewDistillationOptions _options;
    private readonly ViewDistillationStep _step;
    private readonly ReplicaPlan _plan;
    private readonly StudentReplicas _replicas;
    private readonly StepCourses _courses;
    private readonly LayeredNetwork? _predictor;
    private readonly RandomSequence[] _batches;
    private readonly int[][] _orders;
    private readonly DrawnViews _views;
    private readonly DrawnViews? _small;
    private readonly Action<int> _draw;
    private long _ordered = -1;

    /// <summary>Compiles a training; every replica needs a start and a teacher then.</summary>
    /// <param name="options">How.</param>
    /// <param name="images">[N, d], of all replicas; read in every step, not copied.</param>
    /// <param name="random">One per replica: the random numbers of its batches and, behind <c>/view/0</c>, <c>/small/0</c> and so on, of its views and, behind <c>/predictor/0</c> and so on, of the weights of its predictor.</param>
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
        _predictor = options.PredictorNetwork;
        _plan = ReplicaPlan.Compile(_step.Program, options.Replicas, options.Precision, options.Layout);
        _replicas = new StudentReplicas(_plan, options.Student.Layout, _step.Carried, _step.Loss, _step.SquaredGradient);
        (_batches, _orders, _draw) = ([.. random], [.. random.Select(_ => new int[count])], DrawViews);
        _views = new DrawnViews(images, width, options.View, options.Views, options.Batch, random, "/view");
        _small = options.SmallViews > 0 ? new DrawnViews(images, width, options.SmallView, options.SmallViews, options.Batch, random, "/small") : null;
    }

    /// <inheritdoc/>
    public int Replicas => _plan.Replicas;

    /// <inheritdoc/>
    public DType Precision => _options.Precision;

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The next step.</summary>
    public long Step { get; private set; }

    /// <summary>Whether there are teachers that change; a student that is its own has none.</summary>
    public bool HasMovingTeacher => _step.Momentum is not null;

    /// <inheritdoc/>
    public int CarriedCount => _replicas.CarriedCount;

    /// <summary>Bytes of the plan and of the views of a step, without images.</summary>
    public long Bytes => _plan.Bytes + _views.Bytes + (_small?.Bytes ?? 0);

    /// <summary>The compiled step with its numbers.</summary>
    internal ReplicaPlan Plan => _plan;

    /// <summary>Views of a step, of all replicas.</summary>
    private int Drawn => _views.Count + (_small?.Count ?? 0);

    /// <summary>Puts a student at a start, with its teacher; moments, statistics, centre and predictor begin anew.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="student">θ_S, of the student's layout.</param>
    /// <param name="teacher">θ_T, of the same; without a meaning where a student is its own teacher.</param>
    /// <exception cref="ArgumentException">There are more or fewer than the layout has.</exception>
    public void Start(int replica, ReadOnlySpan<double> student, ReadOnlySpan<double> teacher)
    {
        _replicas.Write(_step.Parameters, replica, student);
        if (_step.Teacher != _step.Parameters)
            _replicas.Write(_step.Teacher, replica, teacher);
        _replicas.BeginCarried(replica);
        if (_predictor is null)
            return;
        var drawn = EncoderStart.Of(_predictor, weight => _batches[replica].For($"/predictor/{weight}"));
        for (var i = 0; i < _step.Predictor.Length; i++)
            _plan.Write(_step.Predictor[i], replica, _predictor.Layout.Slots[i].Of<double>(drawn));
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
    public void GetStudent(int replica, Span<double> parameters) => _replicas.Read(_step.Parameters, replica, parameters);

    /// <summary>The parameters of a student's predictor, in the order of <see cref="ViewPredictor"/>'s layout; empty where there is none.</summary>
    public double[] Predictor(int replica)
    {
        var parameters = new double[_predictor?.Layout.Count ?? 0];
        for (var i = 0; i < _step.Predictor.Length; i++)
            _plan.Read(_step.Predictor[i], replica, _predictor!.Layout.Slots[i].Of(parameters.AsSpan()));
        return parameters;
    }

    /// <summary>Reads a teacher's parameters.</summary>
    /// <exception cref="ArgumentException">There is room for another number than it has.</exception>
    public void GetTeacher(int replica, Span<double> parameters) => _replicas.Read(_step.Teacher, replica, parameters);

    /// <inheritdoc/>
    public void GetCarried(int replica, Span<double> carried) => _replicas.GetCarried(replica, carried);

    /// <inheritdoc/>
    public void SetCarried(int replica, ReadOnlySpan<double> carried) => _replicas.SetCarried(replica, carried);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelStatistics> Statistics(int replica) => _replicas.Statistics(_step.Statistics, replica);

    /// <summary>The statistics with which a teacher is evaluated: running ones of its own or of its student; null for those a network starts with.</summary>
    public IReadOnlyList<ChannelStatistics>? StatisticsOfTeacher(int replica)
        => _options.TeacherStatistics == TeacherStatistics.Student || _options is { Teacher: OwnTeacher, TeacherStatistics: TeacherStatistics.Batch } ? Statistics(replica) : _step.OfTeacher is { } own ? _replicas.Statistics(own, replica) : null;

    /// <summary>The centre of a teacher's outputs, [m].</summary>
    /// <exception cref="InvalidOperationException">The training was compiled without one.</exception>
    public double[] Center(int replica)
    {
        var center = new double[_options.Student.Outputs];
        _plan.Read(_step.Center ?? throw new InvalidOperationException("The training was compiled without a centre."), replica, center);
        return center;
    }

    /// <inheritdoc/>
    public (double Loss, double GradientNorm) LastStep(int replica) => _replicas.LastStep(replica);

    /// <summary>The compiled step, instruction by instruction, for people.</summary>
    public string Explain() => _plan.Explain();

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    /// <summary>Writes what the next step reads: views of its batches, and what follows schedules.</summary>
    internal void Prepare(Team team)
    {
        var epoch = Step / StepsPerEpoch;
        if (epoch != _ordered)
        {
            for (var replica = 0; replica < Replicas; replica++)
                _batches[replica].FillPermutation(epoch, _orders[replica]);
            _ordered = epoch;
        }

        team.Run((Drawn + ChunkRows - 1) / ChunkRows, _draw);
        _views.Write(_plan, _step.Inputs);
        _small?.Write(_plan, _step.Small!);
        for (var replica = 0; replica < Replicas; replica++)
            _courses.Write(_plan, _step, replica, Step);
    }

    /// <summary>Counts a step that was done.</summary>
    internal void Advance() => Step++;

    /// <exception cref="InvalidOperationException">The training is at its end.</exception>
    internal void CheckUnended()
    {
        if (Step >= _options.Steps)
            throw new InvalidOperationException($"The training has {_options.Steps} steps, and all are done.");
    }

    private void DrawViews(int chunk)
    {
        var first = (int)(Step % StepsPerEpoch) * _options.Batch;
        for (var at = chunk * ChunkRows; at < Math.Min(Drawn, (chunk + 1) * ChunkRows); at++)
        {
            if (at < _views.Count)
                _views.Draw(at, _orders, first, Step);
            else
                _small!.Draw(at - _views.Count, _orders, first, Step);
        }
    }
}

using Understudy.Engine.Plans;
using Understudy.Learning.Training;

namespace Understudy.Learning.SelfDistillation;

/// <summary>What of a step follows schedules.</summary>
internal sealed class StepCourses
{
    private readonly ScheduleCourse _rate;
    private readonly ScheduleCourse? _decay;
    private readonly ScheduleCourse _teacherTemperature;
    private readonly ScheduleCourse _studentTemperature;
    private readonly ScheduleCourse? _momentum;
    private readonly long _copySteps;
    private readonly double _frozenSteps;

    /// <exception cref="ArgumentException">A temperature is not positive, or a momentum outside of [0, 1], at some step.</exception>
    internal StepCourses(ViewDistillationOptions options, int stepsPerEpoch)
    {
        ScheduleCourse Course(Schedule schedule) => schedule.Over(options.Steps, stepsPerEpoch);
        (_rate, _teacherTemperature, _studentTemperature) = (Course(options.LearningRate), Course(options.TeacherTemperature), Course(options.StudentTemperature));
        _decay = options.WeightDecay is { } decay ? Course(decay) : null;
        _momentum = options.Teacher is AveragedTeacher averaged ? Course(averaged.Momentum) : null;
        _copySteps = options.Teacher is CopiedTeacher copied ? copied.Epochs * (long)stepsPerEpoch : 0;
        _frozenSteps = options.LastLayerFrozenEpochs * stepsPerEpoch;
        for (var step = 0L; step < options.Steps; step++)
        {
            foreach (var temperature in new[] { _teacherTemperature.At(step), _studentTemperature.At(step) })
            {
                if (!(temperature > 0))
                    throw new ArgumentException($"A temperature must be positive, but is {temperature} at step {step}.");
            }

            if (_momentum?.At(step) is { } momentum && !(momentum is >= 0 and <= 1))
                throw new ArgumentException($"The momentum of a teacher must lie between 0 and 1, but is {momentum} at step {step}.");
        }
    }

    /// <summary>Writes the values of a step.</summary>
    internal void Write(ReplicaPlan plan, ViewDistillationStep into, int replica, long step)
    {
        plan.Write(into.Descent, replica, [-_rate.At(step)]);
        if (into.TeacherSharpness is not null)
            plan.Write(into.TeacherSharpness, replica, [1 / _teacherTemperature.At(step)]);
        if (into.StudentSharpness is not null)
            plan.Write(into.StudentSharpness, replica, [1 / _studentTemperature.At(step)]);
        if (into.Decay is not null)
            plan.Write(into.Decay, replica, [_decay!.Value.At(step)]);
        // a copy is an average without memory, and between copies there is nothing but memory
        if (into.Momentum is not null)
            plan.Write(into.Momentum, replica, [_momentum?.At(step) ?? ((step + 1) % _copySteps == 0 ? 0 : 1)]);
        if (into.Gate is not null)
            plan.Write(into.Gate, replica, [step < _frozenSteps ? 0 : 1]);
    }
}

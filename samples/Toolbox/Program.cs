// The toolbox: 64 students of one teacher, trained side by side, without a run directory.
using System.Globalization;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Students = 64;

// <toolbox>
var teacher = Mlp.Relu(10, 5, 4);
var student = Mlp.Relu(10, 20, 4);
using var team = new Team(Environment.ProcessorCount);
using var training = TrainPlan.Compile(new TrainOptions
{
    Student = student,
    Teacher = teacher,
    Source = BatchSource.FreshNormal,                             // inputs drawn anew at every step, labelled by the teacher
    Batch = 16,
    Replicas = Students,
});
// </toolbox>

var teacherWeights = Weights(teacher, "teacher", 0, 1);
for (var replica = 0; replica < Students; replica++)
{
    training.SetParameters(replica, Weights(student, "student", replica, 0.1));
    training.SetTeacher(replica, teacherWeights);
    training.SetLearningRate(replica, 0.02);
    training.SetBatches(replica, new RandomSequence(1, "batch", replica));
}

using var exam = ForwardPass.Compile(teacher, rows: 512);
using var answers = ForwardPass.Compile(student, rows: 512);
var inputs = new float[512 * 10];
new RandomSequence(1, "exam").FillNormal(0, inputs);
exam.SetParameters(teacherWeights);
exam.Run(inputs);
for (long step = 0; step < 4000;)
{
    step = training.Run(step, steps: 1000, team);
    var errors = Enumerable.Range(0, Students).Select(replica =>
    {
        var parameters = new double[training.ParameterCount];
        training.GetParameters(replica, parameters);
        answers.SetParameters(parameters);
        answers.Run(inputs);
        return answers.Output.ToArray().Zip(exam.Output.ToArray(), (a, b) => Math.Pow(a - b, 2)).Average();
    }).Order().ToArray();
    Console.WriteLine($"step {step}: mean squared error from {errors[0]:E2} to {errors[^1]:E2}, median {errors[Students / 2]:E2}");
}

static double[] Weights(Mlp network, string purpose, int replica, double deviation)
{
    var flat = new double[network.Layout.Count];
    new RandomSequence(1, purpose, replica).FillNormal(0, flat);
    return [.. flat.Select(value => deviation * value)];
}

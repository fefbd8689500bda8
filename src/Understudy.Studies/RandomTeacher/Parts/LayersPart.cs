using Understudy.Data.Datasets;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Representations;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Probes behind every layer of teacher and student: where on the way from the pixels to the outputs the classes are.</summary>
internal sealed class LayersPart(RandomTeacherConfig config)
    : ConditionsPart(config, RandomTeacherPart.Layers, [Condition.Of(config, PartNames.Images)], config.Training.Steps)
{
    /// <summary>Numbers of an image that one pass gives.</summary>
    private const int PassWidth = 512;

    /// <summary>What the probes of a layer take of the four of an embedding, without the linear ones: measured in 2026-11.</summary>
    private const double Share = 0.2;

    private const double ShareWithoutNeighbors = 0.1;

    /// <summary>The table of a run.</summary>
    internal static string Table { get; } = $"{PartNames.Of(RandomTeacherPart.Layers)}.layers";

    /// <inheritdoc/>
    protected override double FurtherSeconds => ImagesSeconds + (2.0 * Config.Seeds * EncoderSeconds);

    /// <inheritdoc/>
    protected override double ContinueBytes => 16.0 * Math.Max(PassWidth, Probed.Max(item => item.Place.Width)) * ProbedImages;

    private IReadOnlyList<(LayerPlace Place, string Name)> Probed => ProbedLayers.Of(Network, Config.Layers);

    private double ImagesSeconds => Seconds(IsImages);

    private double EncoderSeconds => Seconds(place => !IsImages(place));

    /// <summary>Rows of one seed.</summary>
    internal static int Rows(RandomTeacherConfig config) => 2 * ProbedLayers.Of(Condition.Build(config.Network, Pictures.Shape(config.Data)), config.Layers).Count;

    /// <inheritdoc/>
    protected override IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run)
    {
        // images are those of every network: they are probed once, and stand among the layers of each
        yield return new MeasuringTask(Config.Training.Steps, "layers of the images", ImagesSeconds, (step, cancellation) =>
        {
            var first = training.Students[0];
            foreach (var row in Measure(first.Teachers.Evaluated(first.Seed).ToLayers(), first.Teacher, IsImages, pictures, run, cancellation))
            {
                foreach (var student in training.Students)
                {
                    run.Record(Table, row with { Seed = student.Seed, Step = step, Subject = Subject.Teacher });
                    run.Record(Table, row with { Seed = student.Seed, Step = step, Subject = Subject.Student });
                }
            }

            return [];
        });
        foreach (var student in training.Students)
        {
            yield return Task(student, Subject.Teacher, () => (student.Teachers.Evaluated(student.Seed).ToLayers(), student.Teacher), pictures, run);
            yield return Task(student, Subject.Student, () => (student.Network.InEvaluationMode(student.Statistics()).ToLayers(), student.Parameters()), pictures, run);
        }
    }

    private static bool IsImages(LayerPlace place) => place.Index == 0;

    /// <summary>What the places that are wanted take in one network.</summary>
    private double Seconds(Func<LayerPlace, bool> isWanted)
    {
        LayerPlace[] places = [.. Probed.Select(item => item.Place).Where(isWanted)];
        return (LayerReader.Passes(places, PassWidth).Count() * CostModel.Pass(Network, ProbedImages))
            + places.Sum(place => (Config.Layers.Neighbors ? Share : ShareWithoutNeighbors) * CostModel.ProbeOf(place.Width, ProbedImages));
    }

    private MeasuringTask Task(Student student, Subject subject, Func<(LayeredNetwork Network, double[] Parameters)> probed, Pictures pictures, RunContext run)
        => new(Config.Training.Steps, $"layers of the {subject.ToString().ToLowerInvariant()}, seed {student.Seed}", EncoderSeconds, (step, cancellation) =>
        {
            var (network, parameters) = probed();
            foreach (var row in Measure(network, parameters, place => !IsImages(place), pictures, run, cancellation))
                run.Record(Table, row with { Seed = student.Seed, Step = step, Subject = subject });
            return [];
        });

    private IEnumerable<LayerRow> Measure(LayeredNetwork network, double[] parameters, Func<LayerPlace, bool> isWanted, Pictures pictures, RunContext run, CancellationToken cancellation)
    {
        var names = Probed.ToDictionary(item => item.Place, item => item.Name);
        var images = pictures.Train.Slice(0, Math.Min(Config.Probes.Images ?? pictures.Train.Count, pictures.Train.Count));
        IReadOnlyList<EmbeddingSet> Read(IReadOnlyList<LayerPlace> places, FloatImages from)
            => LayerReader.Read(network, places, from.Values, from.Labels, pictures.Classes, parameters, Teachers.Passes(Config.Training, run), cancellation);
        foreach (var pass in LayerReader.Passes(names.Keys.Where(isWanted), PassWidth))
        {
            var (train, test) = (Read(pass, images), Read(pass, pictures.Test));
            for (var i = 0; i < pass.Count; i++)
                yield return Measure(pass[i], names[pass[i]], train[i], test[i], run, cancellation);
        }
    }

    private LayerRow Measure(LayerPlace place, string name, EmbeddingSet train, EmbeddingSet test, RunContext run, CancellationToken cancellation)
    {
        double Percent(IProbe probe) => 100 * probe.Run(train, test, run.Team, cancellation).TestAccuracy;
        var spectrum = EmbeddingSpectrum.Of(train.Features, train.Width, run.Team, cancellation);
        return new LayerRow(
            0, 0, Subject.Teacher, place.Index, name, place.Result.ToString(), place.Width, Percent(new RidgeProbe()), Percent(new LdaProbe()),
            Config.Layers.Neighbors ? Percent(new NeighborProbe { Neighbors = Config.Probes.Neighbors, TrainExamples = 1 }) : null, Probing.DeadNumbers(train), spectrum.EffectiveRank,
            spectrum.PrincipalComponents(0.95), spectrum.PrincipalComponents(0.99), spectrum.PrincipalComponents(0.999), ClassSeparation.BetweenShare(train));
    }
}

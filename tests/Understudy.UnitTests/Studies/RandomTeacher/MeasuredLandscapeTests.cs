using System.Text.Json;
using System.Text.Json.Nodes;
using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>What follow-ups measure beside KL, and where it is written.</summary>
public sealed class MeasuredLandscapeTests(SmokeRuns runs)
{
    private const LandscapeProbes AllProbes = LandscapeProbes.Lin | LandscapeProbes.LinStd | LandscapeProbes.Ridge | LandscapeProbes.Knn;

    private static readonly RandomTeacherStudy Study = new();

    [Fact]
    public void All_four_probes_at_the_student_are_those_that_the_part_recorded()
    {
        using var team = new Team(2);
        var run = Open(team);
        var segment = SegmentFollowUp.Of(run, new SegmentOptions { Points = 2, To = 1, Probes = AllProbes }, cancellation: TestContext.Current.CancellationToken);

        var row = RecordedRun.Open(Study, runs.Whole(Study)).Table<ProbeRow>("valley.probes").Single(row => row.Subject == Subject.Student && row.Condition == "images" && row.Seed == 0);
        double At(IReadOnlyList<double> values) => SegmentRow.Value(segment.Positions, values, 1);
        Assert.Equal((row.Lin, row.LinStd, row.Ridge, row.Knn), (At(segment.Ahead.Linear), At(segment.Ahead.Standardized), At(segment.Ahead.Ridge), At(segment.Ahead.Neighbors)));
        Assert.Equal(["linear %", "standardized %", "ridge %", "neighbours %"], segment.Ahead.Headings("").Skip(2));
        var plain = SegmentFollowUp.Of(run, new SegmentOptions { Points = 2, To = 1, Probes = LandscapeProbes.LinStd }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(segment.Ahead.Standardized, plain.Ahead.Standardized);
        Assert.All(plain.Ahead.Linear, value => Assert.Equal(double.NaN, value));
    }

    [Theory]
    [InlineData(LandscapeView.Whole)]
    [InlineData(LandscapeView.Encoder)]
    public void Outputs_of_the_student_are_compared_with_the_teacher_s_as_by_hand(LandscapeView view)
    {
        using var team = new Team(2);
        var run = Open(team);
        var plane = PlaneFollowUp.Of(run, new PlaneOptions { Points = 2, View = view, Images = 30 }, cancellation: TestContext.Current.CancellationToken);

        INetwork network = view == LandscapeView.Whole ? run.Network : run.Network.Encoder;
        double[][] Outputs(string word)
        {
            var parameters = view == LandscapeView.Whole ? run.Parameters(word, 0) : run.EncoderParameters(word, 0);
            double[] inputs = [.. run.Pictures.Test.Slice(0, 30).Values.ToArray().Select(value => (double)value)];
            return [.. NetworkOutputs.Of(network, inputs, parameters, null, TestContext.Current.CancellationToken).Chunk(network.Outputs)];
        }

        var (teacher, student) = (Outputs("teacher"), Outputs("images"));
        double Over(Func<double[], double[], double> of) => teacher.Zip(student, of).Average();
        var found = plane.NetworkValues.TestOutputs;
        Assert.Equal(Over((t, s) => -Softmax(t).Zip(Softmax(s), (p, q) => p * Math.Log(q)).Sum()), found.CrossEntropy[1], 1e-10);
        Assert.Equal(Over((t, s) => t.Zip(s, (a, b) => (a - b) * (a - b)).Average()), found.SquaredError[1], 1e-12);
        Assert.Equal(Over((_, s) => -Softmax(s).Sum(q => q * Math.Log(q))), found.Entropy[1], 1e-10);
        Assert.Equal(Over((t, s) => Array.IndexOf(t, t.Max()) == Array.IndexOf(s, s.Max()) ? 100 : 0), found.Agreement[1], 1e-10);
        Assert.Equal(Over((t, _) => -Softmax(t).Sum(p => p * Math.Log(p))), plane.TestTeacherEntropy, 1e-10);
        Assert.Equal(plane.TestTeacherEntropy, found.Entropy[0], 1e-12);
        Assert.Equal((0.0, 100.0), (found.SquaredError[0], found.Agreement[0]));
        Assert.All(plane.Values.Train.Zip(plane.Values.TrainOutputs.CrossEntropy), pair => Assert.Equal(pair.First + plane.TeacherEntropy, pair.Second));
    }

    [Fact]
    public void A_table_of_a_plane_or_of_curvature_has_every_number_of_the_document()
    {
        using var team = new Team(2);
        var run = Open(team);
        IFollowUp[] all =
        [
            PlaneFollowUp.Of(run, new PlaneOptions { Points = 3, Images = 20, Probes = AllProbes }, cancellation: TestContext.Current.CancellationToken),
            PlaneFollowUp.Of(run, new PlaneOptions { Points = 3, Images = 20, Around = "images" }, cancellation: TestContext.Current.CancellationToken),
            CurvatureFollowUp.Of(run, new StudentCurvatureOptions { Top = 3, Images = 20 }, cancellation: TestContext.Current.CancellationToken),
        ];

        Assert.All(all, found =>
        {
            using var writer = new StringWriter();
            Csv.Write(writer, found.Columns);
            var cells = writer.ToString().Split(',', '\n').Where(cell => double.TryParse(cell, out _)).Select(Number).ToHashSet();
            var numbers = Numbers(JsonSerializer.SerializeToNode((object)found, LabJson.Indented)!).ToArray();
            Assert.NotEmpty(numbers);
            Assert.All(numbers, number => Assert.Contains(number, cells));
        });
    }

    [Fact]
    public void A_plane_shows_contour_lines_of_the_norm_at_round_numbers()
    {
        Assert.Equal([10, 15, 20, 25], PlanePicture.Levels([8, 9, 27]));
        Assert.Equal([0.6, 0.7, 0.8], PlanePicture.Levels([0.55, 0.86]));
        Assert.Empty(PlanePicture.Levels([3, 3]));
        using var team = new Team(2);
        var plane = PlaneFollowUp.Of(Open(team), new PlaneOptions { Points = 5, Images = 10 }, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(PlanePicture.Levels(plane.Norms).Count, 2, 7);
        Assert.Contains("‖θ‖ = ", plane.Svg, StringComparison.Ordinal);
    }

    private FinishedRun Open(Team team) => FinishedRun.Open(runs.Whole(Study), RandomTeacherPart.Valley, team, set => throw new InvalidOperationException($"{set} is not needed."));

    private static double[] Softmax(double[] outputs)
    {
        double[] powers = [.. outputs.Select(value => Math.Exp(value - outputs.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The numbers of a document but the seed, which every row has in common.</summary>
    private static IEnumerable<double> Numbers(JsonNode node) => node switch
    {
        JsonObject fields => fields.Where(field => field.Key != "seed" && field.Value is not null).SelectMany(field => Numbers(field.Value!)),
        JsonArray items => items.SelectMany(item => Numbers(item!)),
        _ => node.GetValueKind() == JsonValueKind.Number ? [node.GetValue<double>()] : [],
    };
}

using System.Globalization;
using System.Text.Json.Serialization;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>The filters of the first layer of teacher and student, side by side, with how alike they are.</summary>
public sealed record FiltersFollowUp : IFollowUp
{
    /// <summary>The part whose networks these are.</summary>
    public required string Part { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The word of the student.</summary>
    public required string Student { get; init; }

    /// <summary>Steps of distillation that it had; 0 of where one started.</summary>
    public required int DistilledSteps { get; init; }

    /// <summary>Rows, columns and channels of a filter.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Filter by filter, each [rows, columns, channels].</summary>
    [JsonIgnore]
    public required IReadOnlyList<double[]> Teacher { get; init; }

    /// <summary>The same of the student.</summary>
    [JsonIgnore]
    public required IReadOnlyList<double[]> Learned { get; init; }

    /// <summary>Pearson correlation of the weights of every filter of both; NaN where one is constant.</summary>
    public required IReadOnlyList<double> Correlations { get; init; }

    /// <summary>‖filter‖ of the teacher.</summary>
    public IReadOnlyList<double> TeacherNorms => [.. Teacher.Select(filter => Distances.Norm(filter))];

    /// <summary>‖filter‖ of the student.</summary>
    public IReadOnlyList<double> StudentNorms => [.. Learned.Select(filter => Distances.Norm(filter))];

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<string> Summary
    {
        get
        {
            double[] known = [.. Correlations.Where(double.IsFinite)];
            return
            [
                $"part {Part}, seed {Seed}: {Teacher.Count} filters of {string.Join(" x ", Shape)}, teacher and student of {Student} {SeedWords.After(DistilledSteps)}",
                known.Length == 0 ? "no filter has two weights that differ" : $"correlation of a filter with the teacher's: mean {Numbers.Ratio(known.Average())}, least {Numbers.Ratio(known.Min())}, greatest {Numbers.Ratio(known.Max())}",
            ];
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public FollowUpTable Table => new(
        ["filter", "correlation", "norm of the teacher's", "of the student's", "distance"],
        [.. Correlations.Select((value, i) => (IReadOnlyList<string>)[i.ToString(CultureInfo.InvariantCulture), Numbers.Ratio(value), Numbers.Ratio(TeacherNorms[i]), Numbers.Ratio(StudentNorms[i]), Numbers.Ratio(Distances.Between(Teacher[i], Learned[i]))])]);

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<CsvColumn> Columns =>
    [
        CsvColumn.Of("filter", [.. Enumerable.Range(0, Teacher.Count).Select(i => (double)i)]), CsvColumn.Of("correlation", Correlations),
        CsvColumn.Of("teacher norm", TeacherNorms), CsvColumn.Of("student norm", StudentNorms),
        .. Enumerable.Range(0, Teacher[0].Length).Select(i => CsvColumn.Of($"teacher {Place(i)}", [.. Teacher.Select(filter => filter[i])])),
        .. Enumerable.Range(0, Teacher[0].Length).Select(i => CsvColumn.Of($"student {Place(i)}", [.. Learned.Select(filter => filter[i])])),
    ];

    /// <inheritdoc/>
    [JsonIgnore]
    public string Svg => FilterPicture.Of(this);

    /// <summary>Reads both.</summary>
    /// <param name="run">The run.</param>
    /// <param name="seed">The seed of teacher and student.</param>
    /// <param name="student">The word of the student.</param>
    /// <exception cref="FollowUpException">The run does not have the networks, or the first layer has no filters on the image.</exception>
    public static FiltersFollowUp Of(FinishedRun run, int seed = 0, string student = "images")
    {
        ArgumentNullException.ThrowIfNull(run);
        var encoder = run.Network.Encoder;
        var (slot, image) = (encoder.Layout.Slots.Count == 0 ? default : encoder.Layout.Slots[0], encoder.Example);
        // a fully connected layer has filters as large as the image
        var shape = slot.Shape.Rank == 4 ? new Shape(slot.Shape[0], slot.Shape[1], slot.Shape[2])
            : slot.Shape.Rank == 2 && slot.Shape[0] == image.Count ? image
            : throw new FollowUpException($"the first parameters of {run.Config.Network.Encoder}, {slot.Name} {slot.Shape}, are no filters on its images");
        IReadOnlyList<double[]> Filters(string word)
        {
            var weights = slot.Of<double>(run.EncoderParameters(word, seed)).ToArray();
            var count = slot.Shape[-1];
            return [.. Enumerable.Range(0, count).Select(filter => Enumerable.Range(0, shape.Count).Select(i => weights[(i * count) + filter]).ToArray())];
        }

        var (teacher, learned) = (Filters(PartNames.Teacher), Filters(student));
        return new FiltersFollowUp
        {
            Part = run.Part,
            Seed = seed,
            Student = student,
            DistilledSteps = run.StepsOf(student, seed),
            Shape = shape.Extents.ToArray(),
            Teacher = teacher,
            Learned = learned,
            Correlations = [.. teacher.Zip(learned, Correlation)],
        };
    }

    private string Place(int index) => string.Create(CultureInfo.InvariantCulture, $"{index / (Shape[1] * Shape[2])}.{index / Shape[2] % Shape[1]}.{index % Shape[2]}");

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var (product, squareA, squareB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            product += (a[i] - meanA) * (b[i] - meanB);
            squareA += (a[i] - meanA) * (a[i] - meanA);
            squareB += (b[i] - meanB) * (b[i] - meanB);
        }

        return product / Math.Sqrt(squareA * squareB);
    }
}

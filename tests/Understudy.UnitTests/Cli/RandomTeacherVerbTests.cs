using System.Text.Json.Nodes;
using Understudy.Studies.RandomTeacher;
using Understudy.UnitTests.Lab;
using Understudy.UnitTests.Studies;
using Understudy.UnitTests.Studies.RandomTeachers;

namespace Understudy.UnitTests.Cli;

/// <summary>The verb from the command line to its files, on the smoke run.</summary>
public sealed class RandomTeacherVerbTests(SmokeRuns runs) : IDisposable
{
    private readonly Terminal _terminal = new();

    private string RunPath => runs.Whole(new RandomTeacherStudy()).Path;

    public void Dispose() => _terminal.Dispose();

    [Theory]
    [InlineData("segment", "t,KL,test KL,cross-entropy,squared error,entropy,agreement,test cross-entropy,test squared error,test entropy,test agreement,linear,standardized,ridge,neighbours,random KL,random test KL,random cross-entropy,random squared error,random entropy,random agreement,random test cross-entropy,random test squared error,random test entropy,random test agreement,random linear,random standardized,random ridge,random neighbours", "--points", "4", "--probes", "none")]
    [InlineData("plane", "what,x,y,KL,test KL,cross-entropy,squared error,entropy,agreement,test cross-entropy,test squared error,test entropy,test agreement,linear,standardized,ridge,neighbours,norm,encoder norm,head norm,distilled steps,teacher entropy,test teacher entropy,out of plane,images,test images", "--points", "3", "--scale", "l2-ortho", "--center", "min-norm")]
    [InlineData("plane", "what,x,y,KL,test KL,cross-entropy,squared error,entropy,agreement,test cross-entropy,test squared error,test entropy,test agreement,linear,standardized,ridge,neighbours,norm,encoder norm,head norm,distilled steps,teacher entropy,test teacher entropy,out of plane,images,test images", "--points", "3", "--random", "images", "--view", "encoder")]
    [InlineData("curve", "t,KL,test KL,cross-entropy,squared error,entropy,agreement,test cross-entropy,test squared error,test entropy,test agreement,linear,standardized,ridge,neighbours,line KL,line test KL,line cross-entropy,line squared error,line entropy,line agreement,line test cross-entropy,line test squared error,line test entropy,line test agreement,line linear,line standardized,line ridge,line neighbours", "--kind", "chain", "--epochs", "2", "--points", "3")]
    [InlineData("curvature", "rank,teacher Hessian,teacher Gauss-Newton,student Hessian,student Gauss-Newton,teacher KL,teacher gradient,teacher smallest,teacher along the line,teacher residual,teacher unconverged,student KL,", "--top", "3", "--images", "10")]
    [InlineData("filters", "filter,correlation,teacher norm,student norm,teacher 0.0.0,", "--seed", "1", "--student", "far")]
    [InlineData("probe", "encoder,seed,linear,standardized,ridge,neighbours,effective rank", "--data", "digits", "--train", "60", "--test", "30")]
    [InlineData("probe", "encoder,seed,linear,standardized,ridge,neighbours,effective rank", "--data", "digits", "--train", "60", "--test", "30", "--student", "images-least-rank")]
    public void A_task_gives_a_table_a_file_of_numbers_and_a_figure(string task, string header, params string[] flags)
    {
        var (csv, figure) = (Path.Combine(_terminal.Folder, "numbers.csv"), Path.Combine(_terminal.Folder, "picture.svg"));

        var answer = _terminal.Run(["random-teacher", task, RunPath, .. flags, "--csv", csv, "--figure", figure, "--threads", "2"]);

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Contains("part valley", answer.Out, StringComparison.Ordinal);
        Assert.StartsWith(header, File.ReadAllText(csv), StringComparison.Ordinal);
        Assert.StartsWith("<svg", File.ReadAllText(figure), StringComparison.Ordinal);
        Assert.EndsWith($"table   {csv}\nfigure  {figure}\n", answer.Error, StringComparison.Ordinal);
        Assert.Equal(task is "filters", !answer.Error.Contains($"100 %  {task}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("restart", "part distillation", "encoder,seed,linear,standardized,ridge,neighbours,effective rank,way", "--steps", "4")]
    [InlineData("restart", "part valley", "encoder,seed,linear,standardized,ridge,neighbours,effective rank,way", "--part", "valley", "--student", "far", "--seed", "1")]
    [InlineData("restart", "student of images-largest-loss after", "encoder,seed,linear,standardized,ridge,neighbours,effective rank,way", "--student", "images-largest-loss", "--seed", "0")]
    [InlineData("lmc", "part valley", "what,seed,start,orders,epoch or position,train error,test error,train barrier,test barrier", "--orders", "2", "--epochs", "2", "--points", "3", "--images", "40", "--rate", "0.01")]
    [InlineData("imp", "part valley", "seed,start,round,remaining,last accuracy,best accuracy,earlier accuracy,test loss", "--rounds", "2", "--epochs", "2", "--rewind", "1", "--seed", "0")]
    public void A_start_from_kept_students_gives_its_time_a_table_a_file_of_numbers_and_a_figure(string task, string part, string header, params string[] flags)
    {
        var (csv, figure) = (Path.Combine(_terminal.Folder, "numbers.csv"), Path.Combine(_terminal.Folder, "picture.svg"));

        var answer = _terminal.Run(["random-teacher", task, RunPath, .. flags, "--csv", csv, "--figure", figure, "--threads", "2"]);

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Contains(part, answer.Out, StringComparison.Ordinal);
        Assert.Matches(@"^about [0-9.]+ s on 2 threads; Ctrl-C ends it, and nothing is kept then\n", answer.Error);
        Assert.StartsWith(header + "\n", File.ReadAllText(csv), StringComparison.Ordinal);
        Assert.StartsWith("<svg", File.ReadAllText(figure), StringComparison.Ordinal);
        Assert.EndsWith($"table   {csv}\nfigure  {figure}\n", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_another_set_that_encoders_are_probed_on()
    {
        using var folder = new TestFolder();
        StartingFollowUpTests.Pictured(folder);

        var answer = _terminal.Run("random-teacher", "transfer", RunPath, "--set", folder.Path, "--train", "60", "--test", "20", "--json", "-q");

        Assert.True(answer.Code == 0, answer.Error);
        var document = JsonNode.Parse(answer.Out)!.AsObject();
        Assert.Equal(("distillation", "digits", folder.Path), ((string)document["part"]!, (string)document["homeSet"]!, (string)document["set"]!));
        Assert.Equal(1 + (4 * 2), document["elsewhere"]!.AsArray().Count);
        Assert.Equal("", answer.Error);
        Assert.Equal((2, $"error: {RunPath} was distilled on digits itself\n  take another set, or the task probe for other numbers of its images\n"), Failed("transfer", "--data", "digits", "-q"));
        Assert.StartsWith("error: part distillation of ", Failed("restart", "--student", "nobody", "-q").Error, StringComparison.Ordinal);

        (int Code, string Error) Failed(string task, params string[] flags)
        {
            var failed = _terminal.Run(["random-teacher", task, RunPath, .. flags]);
            return (failed.Code, failed.Error);
        }
    }

    [Fact]
    public void A_request_to_stop_a_long_one_ends_it_and_tells_that_nothing_is_kept()
    {
        _terminal.StopsAt = "tickets: round 1 of 50";

        var answer = _terminal.Run("random-teacher", "imp", RunPath, "--rounds", "50", "--threads", "1");

        Assert.Equal((3, ""), (answer.Code, answer.Out));
        Assert.Contains("stopping; nothing of a follow-up is kept\n", answer.Error, StringComparison.Ordinal);
        Assert.EndsWith("stopped\n", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_that_cannot_be_read_is_told_with_one_that_can()
    {
        var answer = _terminal.Run("random-teacher", "lmc", RunPath, "--rate", "fast");

        Assert.Equal(2, answer.Code);
        Assert.StartsWith("error: --rate: ", answer.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n  as in: --rate 0.05, or --rate \"steps(0.05, 0.1, 0.5, 0.75)\"\n", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_has_all_numbers_and_nothing_that_is_derived_for_people()
    {
        var answer = _terminal.Run("random-teacher", "segment", RunPath, "--points", "2", "--to", "1", "--probes", "none", "--json", "-q");

        var document = JsonNode.Parse(answer.Out)!.AsObject();
        Assert.Equal("valley", (string)document["part"]!);
        Assert.Equal("NaN", (string)document["ahead"]!["ridge"]![0]!);
        Assert.Equal(document["positions"]!.AsArray().Count, document["random"]!["train"]!.AsArray().Count);
        Assert.Equal(3, document["asymmetries"]!.AsArray().Count);
        Assert.DoesNotContain("svg", document.Select(item => item.Key));
        Assert.Equal("", answer.Error);
    }

    [Theory]
    [InlineData("error: sgment is not a task of random-teacher; did you mean segment?\n  one of: segment, plane, curve, curvature, filters, probe, restart, transfer, lmc, imp\n  see: understudy help random-teacher\n", "sgment")]
    [InlineData("error: filters does not read --points\n  it is for segment, plane, curve, lmc\n", "filters", "--points", "3")]
    [InlineData("error: --from takes a number from -100 to -0.1, not 0\n", "segment", "--from", "0")]
    [InlineData("error: --to takes a number from 1 to 100, not 1e300\n", "segment", "--to", "1e300")]
    [InlineData("error: --top takes a whole number from 1 to 1000, not 5000\n", "curvature", "--top", "5000")]
    [InlineData("error: --figure writes .svg files, not x.png\n  as in: --figure x.svg\n", "segment", "--figure", "x.png")]
    [InlineData("error: --csv and --figure name one file, x.svg\n  choose another for one of them\n", "segment", "--csv", "x.svg", "--figure", "./x.svg")]
    [InlineData("error: the folder of --csv nowhere/x.csv is not there\n  make it, or choose another file\n", "segment", "--csv", "nowhere/x.csv")]
    [InlineData("error: lines is not a value of --part\n  one of: valley, distillation\n", "segment", "--part", "lines")]
    [InlineData("error: nosuchfolder is not a value of --data\n  one of: digits, mnist, fashion-mnist, cifar10, or a folder that is there\n", "probe", "--data", "nosuchfolder")]
    [InlineData("error: --points takes a whole number from 2 to 201, not 1\n", "plane", "--points", "1")]
    [InlineData("error: --through takes two networks, such as images,far, not far\n", "plane", "--through", "far")]
    [InlineData("error: a plane along random directions does not read --scale\n  leave it out, or leave out --random\n", "plane", "--random", "teacher", "--scale", "affine")]
    [InlineData("error: affin is not a value of --scale; did you mean affine?\n  one of: affine, l2-ortho, rms-ortho\n", "plane", "--scale", "affin")]
    [InlineData("error: probe needs images: --data SET, or a folder of your own\n  as in: understudy random-teacher probe RUN --data fashion-mnist\n", "probe")]
    [InlineData("error: digits does not have 1,700 training and 200 test images\n  lower --train or --test\n", "probe", "--data", "digits", "--train", "1700", "--test", "200")]
    [InlineData("error: probes need at least 5 training images, as many as probes.neighbors of the run and enough for a fifth to choose a penalty on, and a test image, not 4 and 40\n  raise --train or --test\n", "probe", "--data", "digits", "--train", "4")]
    [InlineData("error: --encoder says what the encoder of --file is\n  name the file, or leave it out\n", "probe", "--data", "digits", "--encoder", "vgg11")]
    [InlineData("error: ridg is not a value of --probes; did you mean ridge?\n  some of, with commas: none, lin, lin-std, ridge, knn\n", "plane", "--probes", "knn,ridg")]
    [InlineData("error: restart does not read --epochs\n  it is for curve, lmc, imp\n", "restart", "--epochs", "3")]
    [InlineData("error: probe does not read --seed\n  it is for segment, plane, curve, curvature, filters, restart, transfer, lmc, imp\n", "probe", "--seed", "1")]
    [InlineData("error: --steps takes a whole number of at least 1, not 0\n", "restart", "--steps", "0")]
    [InlineData("error: --orders takes a whole number from 2 to 100, not 1\n", "lmc", "--orders", "1")]
    [InlineData("error: --points takes a whole number from 3 to 1001, not 2\n", "lmc", "--points", "2")]
    [InlineData("error: --rounds takes a whole number from 1 to 1000, not 0\n", "imp", "--rounds", "0")]
    [InlineData("error: --rewind takes a number of at least 0, not -1\n", "imp", "--rewind=-1")]
    [InlineData("error: connectivity.training.images (81) must be at most data.train (80)\n  see: understudy help random-teacher\n", "lmc", "--images", "81", "-q")]
    [InlineData("error: tickets.rewind (9) must be at least 0 and a step or more below tickets.training.epochs (2)\n  see: understudy help random-teacher\n", "imp", "--rewind", "9", "--epochs", "2", "-q")]
    [InlineData("error: nosuchset is not a value of --data\n  one of: digits, mnist, fashion-mnist, cifar10, or a folder that is there\n", "transfer", "--set", "nosuchset")]
    public void What_cannot_be_understood_is_told(string message, params string[] arguments)
    {
        var answer = _terminal.Run(["random-teacher", arguments[0], RunPath, .. arguments.Skip(1)]);

        Assert.Equal((2, message), (answer.Code, answer.Error));
    }

    [Fact]
    public void A_request_to_stop_ends_it_without_a_result()
    {
        // the first line of progress comes from inside of the work
        _terminal.StopsAt = " 10 %  plane";

        var answer = _terminal.Run("random-teacher", "plane", RunPath, "--points", "40", "--threads", "1");

        Assert.Equal((3, ""), (answer.Code, answer.Out));
        Assert.EndsWith("stopped\n", answer.Error, StringComparison.Ordinal);
    }
}

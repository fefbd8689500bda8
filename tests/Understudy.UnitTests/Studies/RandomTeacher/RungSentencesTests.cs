using Understudy.Lab.Configuration;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Drawing;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public sealed class RungSentencesTests
{
    [Fact]
    public void Rungs_say_what_they_have_and_take_away()
        => Assert.Equal(
            [
                "Dino has a teacher that is the moving average of its student, 2 views of an image (each compared with the others), crops, mirroring, changes of color, centring, temperatures of 0.04 for the teacher and 0.1 for the student, weight decay of cos(0.04,0.4) on matrices and kernels, gradients no longer than 3 and a last layer that is frozen for 1 epoch.",
                "Frozen-teacher takes away a teacher that is the moving average of its student, and has a teacher that stays as it was drawn, in evaluation mode.",
                "Single-view takes away 2 views of an image (each compared with the others), and has one view, which teacher and student both see.",
                "Plain-images takes away crops, mirroring and changes of color.",
                "Random-teacher takes away centring, temperatures of 0.04 for the teacher and 0.1 for the student, weight decay of cos(0.04,0.4) on matrices and kernels, gradients no longer than 3 and a last layer that is frozen for 1 epoch, and has temperatures of 1.",
            ],
            Of());

    [Fact]
    public void What_settings_take_away_is_not_told()
    {
        var all = string.Join(' ', Of("ladder.colors=false", "ladder.clipNorm=0", "ladder.lastLayerFrozen=0", "ladder.weightDecay=0", "ladder.smallestCrop=1"));

        Assert.All(["color", "gradients", "frozen for", "decay", "crops"], word => Assert.DoesNotContain(word, all, StringComparison.Ordinal));
        Assert.Contains("Plain-images takes away mirroring.", all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rung_takes_away_what_rungs_that_are_left_out_would_have()
        => Assert.StartsWith("Random-teacher takes away 2 views of an image (each compared with all), crops, mirroring, changes of color, centring,", Of("ladder.rungs=[frozen-teacher,random-teacher]", "ladder.pairing=all")[1], StringComparison.Ordinal);

    [Fact]
    public void Settings_of_training_that_are_those_of_the_ladder_are_not_taken_away()
    {
        var last = Of("training.clipNorm=3", "training.teacherTemperature=0.04", "training.studentTemperature=0.1")[^1];

        Assert.DoesNotContain("gradients", last, StringComparison.Ordinal);
        Assert.DoesNotContain("temperatures", last, StringComparison.Ordinal);
        Assert.Contains("becomes its student every 2 epochs", Of("ladder.copyEpochs=2")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Small_views_are_told()
        => Assert.Contains(
            "2 views of an image and 4 small ones, which the student alone sees (each compared with the others)", Of("ladder.smallViews=4", "network.encoder=convnet-16-3")[0], StringComparison.Ordinal);

    [Fact]
    public void Objectives_and_predictors_are_told()
    {
        var all = Of("ladder.objective=cosine", "ladder.predictor=[64,32]", "ladder.teacherMomentum=0");

        Assert.StartsWith("Dino has the student itself as its teacher, without a gradient, 2 views of an image (each compared with the others), crops, mirroring, changes of color, the cosine of bottlenecks, a predictor of 64 and 32 hidden nodes, weight decay", all[0], StringComparison.Ordinal);
        Assert.Equal("Frozen-teacher takes away the student itself as its teacher, without a gradient, and has a teacher that stays as it was drawn, in evaluation mode.", all[1]);
        Assert.EndsWith("and has the cross-entropy of outputs and temperatures of 1.", all[^1], StringComparison.Ordinal);
        Assert.All(["centring", "frozen for", "0.04 for"], word => Assert.DoesNotContain(word, all[0], StringComparison.Ordinal));
    }

    private static string[] Of(params string[] settings)
        => [.. RungSentences.Of((RandomTeacherConfig)ConfigReader.Read(new RandomTeacherStudy(), ["parts=[ladder]", .. settings]))];
}

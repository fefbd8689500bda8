using Understudy.Lab.Claims;

namespace Understudy.Studies.Specialization;

/// <summary>The claims about convolutional teachers trained on images.</summary>
internal static partial class SpecializationClaims
{
    internal const double WiderLayerGain = 0.03;
    internal const double ChannelFound = 0.85;

    internal static readonly Claim S16 = new(
        "S16", "On photographs more over-realization means more specialization in every layer.", "Tian 2020, CIFAR-10 figure; author's notebooks",
        "Part images, students of the unpruned teacher: mean best correlation of every layer larger for r = 2 than for r = 1, by at least 0.03 (published 0.79 0.68 0.65 0.68 against 0.72 0.50 0.39 0.47); with a network or images smaller than the published ones only the order is judged.")
    {
        Settings = "parts=[images]",
    };

    internal static readonly Claim S17 = new(
        "S17", "On photographs more over-realization means better accuracy.", "Tian 2020, CIFAR-10 figure; author's notebooks",
        "Part images, students of the unpruned teacher: mean test accuracy on the true labels at the end larger for r = 2 than for r = 1 (published, the best epoch of each: 86.27 % against 85.59 %, teacher 86.09 %).")
    {
        Settings = "parts=[images]",
    };

    internal static readonly Claim S18 = new(
        "S18", "Nearly every channel of a pruned teacher is found by a student.", "Tian 2020, CIFAR-10 figure; author's notebooks",
        "Published network, teacher pruned by 0.3, 0.5, 0.5 and 0.7, students of 100 epochs, largest r: median over teacher channels of the best correlation at least 0.85 in every layer (published 0.65-0.98, 0.89-0.98, 0.80-0.95, and 0.88-0.94 with one channel at 0.23).")
    {
        Settings = "parts=[images] images.data.pooling=1 images.data.training=45000 images.data.validation=5000 images.data.shift=4 images.data.mirrored=true"
            + " images.teacher.channels=[64,64,64,64] images.teacher.shared=true images.teacher.pruning=[0.3,0.5,0.5,0.7] images.teacher.fineTuningEpochs=200"
            + " images.teacher.training.batch=128 images.teacher.training.epochs=200 images.teacher.training.learningRates=[0.1,0.01,0.001] images.teacher.training.rateStarts=[0,0.5,0.75]"
            + " images.students.ofUnpruned=[] images.students.ofPruned=[5] images.students.training.batch=64 images.students.training.epochs=100"
            + " images.students.training.learningRates=[0.001,0.002,0.005,0.01,0.001] images.students.training.rateStarts=[0,0.05,0.1,0.3,0.7]",
    };
}

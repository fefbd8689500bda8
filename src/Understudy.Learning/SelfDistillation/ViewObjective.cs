namespace Understudy.Learning.SelfDistillation;

/// <summary>The loss of a view of a student beside a view of its teacher.</summary>
public enum ViewObjective
{
    /// <summary>−Σ p log q of the outputs, sharpened and centred (Caron et al. 2021).</summary>
    CrossEntropy,

    /// <summary>
    /// 2 − 2 cos of the bottlenecks, the student's behind a predictor (Grill et al. 2020, BYOL); what follows the bottleneck is not trained. SimSiam's −cos (Chen and He 2021) is half of it but for a constant, which makes no
    /// difference to the steps of Adam.
    /// </summary>
    Cosine,
}

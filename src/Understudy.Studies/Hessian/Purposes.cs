namespace Understudy.Studies.Hessian;

/// <summary>What random numbers are for.</summary>
internal static class Purposes
{
    internal const string Network = "hessian/network";
    internal const string Other = "hessian/other-network";
    internal const string Batches = "hessian/batches";
    internal const string OtherBatches = "hessian/other-batches";
    internal const string SecondBatches = "hessian/second-batches";
    internal const string Centres = "hessian/centres";
    internal const string Starts = "hessian/starts";
    internal const string Samples = "hessian/samples";
    internal const string Labels = "hessian/labels";
}

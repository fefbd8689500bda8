using Understudy.Lab.Runs;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>Specialization layer by layer (P7, P7b, P8, P10).</summary>
internal sealed class MultiLayerPart(SpecializationConfig config) : IPart
{
    /// <summary>How much faster wide layers and batches of 64 are than what <see cref="CostModel.TrainingRate"/> was measured with.</summary>
    private const double Width = 1.9;

    /// <summary>Multiplications and additions of a Jacobian per second, those of inactive nodes counted although they are skipped.</summary>
    private const double JacobianRate = 3e9;

    /// <inheritdoc/>
    public string Name => PartNames.MultiLayer;

    /// <inheritdoc/>
    public PartCost Cost
    {
        get
        {
            var (plan, part) = (new MultiLayerPlan(config), config.MultiLayer);
            var seconds = CostModel.Training(config.Precision, plan.Cost() / Width);
            var bytes = CostModel.TableFactor * sizeof(float) * plan.Seeds * (part.Data.Samples.Max() + (double)part.Measures.Evaluation) * (part.Data.Dimension + part.Networks.Outputs);
            foreach (var cell in plan.Cells)
            {
                var student = plan.Network(cell.OverRealization);
                double weights = student.Layout.Count + plan.Teacher.Layout.Count;
                var (pairs, chain) = (0.0, 0.0);
                for (var layer = 1; layer < student.Layers; layer++)
                {
                    pairs += (double)student.Widths[layer] * plan.Teacher.Widths[layer];
                    chain += layer == student.Layers - 1 ? 0 : (double)student.Widths[layer] * student.Widths[layer + 1];
                }

                var evaluated = ((part.Measures.Stages + part.Training.RateStarts.Count) * (double)part.Measures.During) + part.Measures.Evaluation + cell.Samples;
                seconds += plan.Seeds * evaluated * (CostModel.EvaluatedSample + (weights / CostModel.ForwardRate) + (CostModel.CorrelationEntry * pairs));
                seconds += plan.Seeds * part.Measures.Jacobians * chain * part.Networks.Outputs / JacobianRate;
                bytes += plan.Seeds * ((sizeof(float) * (double)cell.Samples * (part.Data.Dimension + part.Networks.Outputs)) + (4.0 * sizeof(double) * student.Layout.Count));
            }

            return new PartCost(seconds, bytes);
        }
    }

    /// <inheritdoc/>
    public void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation)
    {
        using var experiment = new MultiLayerExperiment(config, run);
        experiment.Run(progress, cancellation);
    }
}

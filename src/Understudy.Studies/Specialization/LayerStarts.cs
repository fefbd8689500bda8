using Understudy.Engine.Random;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization;

/// <summary>Students that start with something of their teacher; specification section 6.</summary>
internal static class LayerStarts
{
    /// <summary>The initial student of a seed.</summary>
    /// <param name="settings">How it starts.</param>
    /// <param name="network">Its shape.</param>
    /// <param name="teacher">The teacher's shape.</param>
    /// <param name="flat">The teacher's parameters.</param>
    /// <param name="random">Random numbers of a random student, by layer.</param>
    /// <param name="noise">Random numbers of what is added to the teacher, by layer; node k has those of step k.</param>
    internal static double[] Student(
        MultiLayerNetworksConfig settings, Mlp network, Mlp teacher, double[] flat, Func<int, RandomSequence> random, Func<int, RandomSequence> noise)
    {
        var student = FanInUniform.Of(network, settings.Scale, random);
        if (settings.Initialization == LayerInitialization.Random)
            return student;
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var (own, other) = (new Rows(network, layer, student), new Rows(teacher, layer, flat));
            var sequence = noise(layer);
            for (var node = 0; node < other.Nodes; node++)
                own.Write(node, Start(settings, own.Read(node), other.Read(node, own.Inputs), sequence, node));
        }

        return student;
    }

    /// <summary>The incoming weights of a node and its bias, last.</summary>
    private static double[] Start(MultiLayerNetworksConfig settings, double[] random, double[] teacher, RandomSequence noise, int node)
    {
        switch (settings.Initialization)
        {
            case LayerInitialization.NearTeacher:
                var added = new double[teacher.Length];
                noise.FillNormal(node, added);
                return [.. teacher.Zip(added, (weight, normal) => weight + (settings.Perturbation * normal))];
            case LayerInitialization.TeacherDirection:
                var length = Math.Sqrt(random.Sum(weight => weight * weight) / teacher.Sum(weight => weight * weight));
                return [.. teacher.Select(weight => length * weight)];
            default:
                return [.. random.Zip(teacher, (weight, sign) => sign == 0 ? weight : Math.CopySign(weight, sign))];
        }
    }

    /// <summary>The nodes of a layer.</summary>
    private readonly struct Rows(Mlp network, int layer, double[] flat)
    {
        internal int Inputs => network.Widths[layer];

        internal int Nodes => network.Widths[layer + 1];

        /// <summary>A node's incoming weights and its bias.</summary>
        internal double[] Read(int node) => Read(node, Inputs);

        /// <summary>The same with zeros for inputs that the layer does not have.</summary>
        internal double[] Read(int node, int inputs)
        {
            var row = new double[inputs + 1];
            var weight = Slot(0);
            for (var i = 0; i < Inputs; i++)
                row[i] = weight[(i * Nodes) + node];
            row[^1] = Slot(1)[node];
            return row;
        }

        internal void Write(int node, double[] row)
        {
            var weight = Slot(0);
            for (var i = 0; i < Inputs; i++)
                weight[(i * Nodes) + node] = row[i];
            Slot(1)[node] = row[^1];
        }

        private Span<double> Slot(int kind) => network.Layout.Slots[(2 * layer) + kind].Of(flat.AsSpan());
    }
}

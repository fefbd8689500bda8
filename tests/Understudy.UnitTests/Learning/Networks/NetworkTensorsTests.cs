using Understudy.Data;
using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Networks;

public sealed class NetworkTensorsTests
{
    private static readonly LayeredNetwork Network = Vgg.Of(new Shape(4, 4, 2), "3 M 2", Normalization.Batch);

    [Fact]
    public void Parameters_and_statistics_come_back_from_a_safetensors_file_to_the_bit()
    {
        var draw = new Draw(1);
        var theta = draw.Normal(Network.Layout.Count);
        ChannelStatistics[] statistics = [new(draw.Normal(3), [1, 2, 3]), new(draw.Normal(2), [0, 0.1])];

        var stored = Stored(NetworkTensors.Of(Network, theta, statistics));

        Assert.Equal(theta, NetworkTensors.Parameters(Network, stored, "net.safetensors"));
        var read = NetworkTensors.Statistics(Network, stored, "net.safetensors");
        Assert.NotNull(read);
        Assert.Equal(statistics.Select(one => one.Mean.ToArray()), read.Select(one => one.Mean.ToArray()));
        Assert.Equal(statistics.Select(one => one.Variance.ToArray()), read.Select(one => one.Variance.ToArray()));
    }

    [Fact]
    public void Tensors_are_named_by_their_slots_and_normalizations_counted()
    {
        var tensors = NetworkTensors.Of(Network, new double[Network.Layout.Count], [new ChannelStatistics(new double[3], new double[3]), new ChannelStatistics(new double[2], new double[2])]);

        Assert.Equal(
            [
                "layer.0.weight [3,3,2,3]", "layer.0.bias [3]", "layer.1.scale [3]", "layer.1.shift [3]", "layer.4.weight [3,3,3,2]", "layer.4.bias [2]", "layer.5.scale [2]", "layer.5.shift [2]",
                "normalization.0.mean [3]", "normalization.0.variance [3]", "normalization.1.mean [2]", "normalization.1.variance [2]",
            ],
            tensors.Select(tensor => $"{tensor.Name} [{string.Join(',', tensor.Shape)}]"));
    }

    [Fact]
    public void A_file_of_single_precision_is_read_and_one_without_statistics_has_none()
    {
        var stored = NetworkTensors.Of(Network, new double[Network.Layout.Count])
            .Select(tensor => Tensor.Of(tensor.Name, [.. tensor.Doubles.ToArray().Select((_, i) => i + 0.1f)], [.. tensor.Shape])).ToDictionary(tensor => tensor.Name);

        Assert.Equal((double)53.1f, NetworkTensors.Parameters(Network, stored, "net.safetensors")[53]);
        Assert.Null(NetworkTensors.Statistics(Network, stored, "net.safetensors"));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var whole = NetworkTensors.Of(Network, new double[Network.Layout.Count], [new ChannelStatistics(new double[3], new double[3]), new ChannelStatistics(new double[2], new double[2])]);
        Tensor bias = Tensor.Of("layer.0.bias", new double[4], 4), words = Tensor.Of("layer.0.bias", new int[3], 3), infinite = Tensor.Of("layer.0.bias", [0, double.PositiveInfinity, 0], 3);
        Tensor deeper = Tensor.Of("layer.9.weight", new double[2], 1, 2), negative = Tensor.Of("normalization.1.variance", [0.0, -1], 2), third = Tensor.Of("normalization.2.mean", new double[2], 2);

        Assert.Equal("f: there is no layer.0.bias [3]", Message(whole, "layer.0.bias", null));
        Assert.Equal("f: layer.0.bias is [4], but this network has [3]", Message(whole, "layer.0.bias", bias));
        Assert.Equal("f: layer.0.bias holds I32, but parameters are F32 or F64", Message(whole, "layer.0.bias", words));
        Assert.Equal("f: layer.0.bias holds a number that is not finite, at place 1", Message(whole, "layer.0.bias", infinite));
        Assert.Equal("f: layer.9.weight [1, 2] is no parameter of this network", Message(whole, "", deeper));
        Assert.Equal("f: normalization.1.variance holds a negative number", Message(whole, "normalization.1.variance", negative));
        Assert.Equal("f: normalization.2.mean [2] is no mean or variance of the 2 batch normalizations of this network", Message(whole, "", third));
        Assert.Equal("f: there are 3 means and variances of batch normalizations, but this network has 2 of them", Message(whole, "normalization.1.variance", null));
        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => NetworkTensors.Of(Network, new double[3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_among_the_statistics_that_is_none_is_no_parameter_either()
    {
        static string Problem(INetwork network, string name) => Assert.Throws<UnreadableFileException>(() => NetworkTensors.Parameters(
            network, NetworkTensors.Of(network, new double[network.Layout.Count]).Append(Tensor.Of(name, new double[3], 3)).ToDictionary(tensor => tensor.Name), "f")).Message;
        var mlp = Mlp.Relu(2, 3, 1);

        Assert.Equal("f: normalization.0.count [3] is no mean or variance of the 2 batch normalizations of this network", Problem(Network, "normalization.0.count"));
        Assert.Equal("f: normalization.00.mean [3] is no mean or variance of the 2 batch normalizations of this network", Problem(Network, "normalization.00.mean"));
        Assert.Equal("f: normalization.0.mean [3] is no mean or variance of the 0 batch normalizations of this network", Problem(mlp, "normalization.0.mean"));
    }

    [Fact]
    public void Parameters_of_a_file_with_statistics_fit_the_network_in_evaluation_mode()
    {
        var theta = new Draw(2).Normal(Network.Layout.Count);
        ChannelStatistics[] statistics = [new(new double[3], [1, 2, 3]), new(new double[2], [1, 2])];

        Assert.Equal(theta, NetworkTensors.Parameters(Network.InEvaluationMode(statistics), Stored(NetworkTensors.Of(Network, theta, statistics)), "f"));
    }

    /// <summary>What is said of the tensors with one taken out and another put in.</summary>
    private static string Message(IReadOnlyList<Tensor> tensors, string without, Tensor? with)
    {
        var stored = tensors.Where(tensor => tensor.Name != without).ToDictionary(tensor => tensor.Name);
        if (with is not null)
            stored.Add(with.Name, with);
        return Assert.Throws<UnreadableFileException>(() =>
        {
            NetworkTensors.Parameters(Network, stored, "f");
            NetworkTensors.Statistics(Network, stored, "f");
        }).Message;
    }

    private static IReadOnlyDictionary<string, Tensor> Stored(IReadOnlyList<Tensor> tensors)
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors);
        return SafeTensors.Read(stream, "net.safetensors").Tensors;
    }
}

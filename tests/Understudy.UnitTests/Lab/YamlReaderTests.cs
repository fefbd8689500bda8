using System.Text;
using Understudy.Engine.Random;
using Understudy.Lab.Configuration;

namespace Understudy.UnitTests.Lab;

public class YamlReaderTests
{
    private const string Sample = """
        # settings
        steps: 40          # whole
        rate: 1.5e-3
        name: "40"
        word: gaussian
        none: ~
        flag: true
        list: [1, 2, [3, four]]
        block:
          - a
          - b: 2
            c: |
              text
              more
        student: {width: 3, 'depth': -1}

        """;

    [Fact]
    public void Maps_lists_and_scalars_become_json()
    {
        var tree = YamlReader.Parse(Sample, "sample.yaml");

        Assert.Equal(
            """{"steps":40,"rate":0.0015,"name":"40","word":"gaussian","none":null,"flag":true,"list":[1,2,[3,"four"]],"block":["a",{"b":2,"c":"text\nmore\n"}],"student":{"width":3,"depth":-1}}""",
            ConfigJson.Text(tree));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n...\n")]
    public void An_empty_file_has_no_settings(string text) => Assert.Empty(YamlReader.Parse(text, "x.yaml"));

    [Theory]
    [InlineData("a: &x 1\nb: *x\n", "x.yaml is not readable as settings: line 2, column 4: aliases are not supported.")]
    [InlineData("a: 1\na: 2\n", "x.yaml is not readable as settings: line 2, column 1: a stands there twice.")]
    [InlineData("- 1\n", "x.yaml does not hold settings: it must be a YAML map such as \"seed: 3\".")]
    [InlineData("a: [1\nb: 2\n", "x.yaml is not readable as YAML: after line 1.")]
    [InlineData("a: 1\n---\nb: 2\n", "x.yaml is not readable as settings: line 2, column 1: there must be one document in it.")]
    public void What_is_not_settings_is_said_with_its_place(string text, string message)
        => Assert.Equal(message, Assert.Throws<ConfigException>(() => YamlReader.Parse(text, "x.yaml")).Message);

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var error = Assert.Throws<ConfigException>(() => YamlReader.Parse("a: " + new string('[', 2000), "x.yaml"));

        Assert.Contains("nested too deeply", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_text_gives_settings_or_a_sentence_and_nothing_else()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample);
        var draws = new int[4];
        for (var trial = 0; trial < 3000; trial++)
        {
            new RandomSequence(1, "test/yaml").FillIndices(trial, bytes.Length, draws);
            var damaged = bytes[..(trial % 3 == 0 ? draws[0] : bytes.Length)];
            foreach (var at in draws.AsSpan(1, trial % 4).ToArray().Where(at => at < damaged.Length))
                damaged[at] ^= (byte)(1 << (trial % 8));
            try
            {
                YamlReader.Parse(Encoding.UTF8.GetString(damaged), "x.yaml");
            }
            catch (ConfigException problem)
            {
                Assert.StartsWith("x.yaml ", problem.Message, StringComparison.Ordinal);
            }
        }
    }
}

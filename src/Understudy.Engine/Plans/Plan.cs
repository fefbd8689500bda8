using System.Globalization;
using System.Numerics;
using System.Text;
using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Plans;

/// <summary>A compiled graph: written once to memory of its own, run many times without allocating.</summary>
/// <remarks>
/// <para>Inputs and outputs keep their values between runs. Results do not depend on the number of threads or on the register width.</para>
/// <para>Not safe for use by several threads at once; any number of plans may run side by side.</para>
/// </remarks>
public sealed class Plan : IDisposable
{
    private readonly Schedule _schedule;
    private readonly Executor _executor;

    private Plan(Schedule schedule, Executor executor)
    {
        _schedule = schedule;
        _executor = executor;
    }

    /// <summary>The memory of the plan in bytes: inputs, outputs, constants and everything in between.</summary>
    public long Bytes => _executor.Bytes;

    /// <summary>Compiles the graph that leads to some values.</summary>
    /// <param name="outputs">What <see cref="Read(int, Span{double})"/> gives, by position.</param>
    /// <param name="options">Precision, threads, updates and varying inputs.</param>
    /// <exception cref="ArgumentException">An update does not overwrite an input of its own shape, or the precision is not a float type.</exception>
    public static Plan Compile(IReadOnlyList<Sym> outputs, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        options ??= new PlanOptions();
        Updates.Check(options.Updates);
        var schedule = new Schedule(outputs, options);
        return new Plan(schedule, Registers.Best(options.Precision, new Compilation(schedule, options)));
    }

    /// <summary>The bytes that a plan would have, without its memory: <see cref="Bytes"/> of what <see cref="Compile"/> gives.</summary>
    /// <param name="outputs">As for <see cref="Compile"/>.</param>
    /// <param name="options">As for <see cref="Compile"/>.</param>
    /// <exception cref="ArgumentException">An update does not overwrite an input of its own shape, or the precision is not a float type.</exception>
    public static long BytesOf(IReadOnlyList<Sym> outputs, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        options ??= new PlanOptions();
        Updates.Check(options.Updates);
        return Registers.Best(options.Precision, new Measurement(new Schedule(outputs, options), options));
    }

    /// <summary>Sets the elements of an input, row-major; without effect where nothing reads it.</summary>
    /// <exception cref="ArgumentException">The value is not an input, or the number of elements is not its.</exception>
    public void Write(Sym input, ReadOnlySpan<double> values) => _executor.WriteInput(input, 0, values);

    /// <summary>Sets the elements of an input, row-major; without effect where nothing reads it.</summary>
    /// <exception cref="ArgumentException">The value is not an input, or the number of elements is not its.</exception>
    public void Write(Sym input, ReadOnlySpan<float> values) => _executor.WriteInput(input, 0, values);

    /// <summary>Gives the elements of output number <paramref name="output"/>, row-major.</summary>
    /// <exception cref="ArgumentException">The number of elements is not that of the output.</exception>
    public void Read(int output, Span<double> values) => _executor.Read(Output(output, values.Length), 0, values);

    /// <summary>Gives the elements of output number <paramref name="output"/>, row-major.</summary>
    /// <exception cref="ArgumentException">The number of elements is not that of the output.</exception>
    public void Read(int output, Span<float> values) => _executor.Read(Output(output, values.Length), 0, values);

    /// <summary>Gives the elements of an input: after a run with updates, the updated ones.</summary>
    /// <exception cref="ArgumentException">The value is not an input that an output or an update reads, or the number of elements is not its.</exception>
    public void Read(Sym input, Span<double> values) => _executor.ReadInput(input, 0, values);

    /// <summary>The value of a scalar output.</summary>
    public double Scalar(int output)
    {
        Span<double> value = stackalloc double[1];
        Read(output, value);
        return value[0];
    }

    /// <summary>Computes everything: <see cref="Prepare"/>, then <see cref="Apply"/>.</summary>
    public void Run() => _executor.Run(0, _schedule.Steps.Count);

    /// <summary>Computes what does not depend on the varying inputs.</summary>
    public void Prepare() => _executor.Run(0, _schedule.Prepared);

    /// <summary>Computes the rest from what <see cref="Prepare"/> left.</summary>
    public void Apply() => _executor.Run(_schedule.Prepared, _schedule.Steps.Count);

    /// <summary>The instructions, one per line, for people.</summary>
    public string Explain() => Describe(_schedule, _executor);

    /// <inheritdoc/>
    public void Dispose() => _executor.Dispose();

    internal static string Describe(Schedule schedule, Executor executor)
    {
        var text = new StringBuilder();
        for (var i = 0; i < schedule.Steps.Count; i++)
        {
            var part = i < schedule.Prepared ? "prepare " : "";
            text.Append(CultureInfo.InvariantCulture, $"{i,3} {part}{schedule.Steps[i].Describe()}{ConvolutionChoice.Note(schedule.Convolution, schedule.Steps[i])}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"    {executor.Bytes:N0} bytes, {executor.Lanes} lane(s)\n").ToString();
    }

    private Sym Output(int output, int length)
    {
        var node = _schedule.Outputs[output];
        return node.Shape.Count == length ? node : throw new ArgumentException($"Output {output} is {node}, but {length} elements were asked for.");
    }

    private sealed unsafe class Measurement(Schedule schedule, PlanOptions options) : IRegisterVisitor<long>
    {
        public long Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
            => new Emitter<V, S>(schedule, isSolo: true, options.Team, options.ReuseBuffers).Count * sizeof(S);
    }

    private sealed class Compilation(Schedule schedule, PlanOptions options) : IRegisterVisitor<Executor>
    {
        public Executor Visit<V, S>()
            where V : struct, ISimd<V, S>
            where S : unmanaged, IBinaryFloatingPointIeee754<S>
            => new Executor<V, S>(new Emitter<V, S>(schedule, isSolo: true, options.Team, options.ReuseBuffers), options.Poison);
    }
}

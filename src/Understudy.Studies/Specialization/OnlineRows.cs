namespace Understudy.Studies.Specialization;

/// <summary>An online student beside the equations that started from its order parameters: table <c>online.evaluations</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Time">Steps over inputs.</param>
/// <param name="Diverged">Whether the simulation or the equations stopped being finite.</param>
/// <param name="Error">ε_g = ½ E (φ − φ*)² of the simulated student, exact for its weights.</param>
/// <param name="Equations">ε_g of the equations.</param>
/// <param name="Q">Overlaps of student nodes, [K, K].</param>
/// <param name="R">Overlaps of student with teacher nodes, [K, M].</param>
/// <param name="FanOut">Output weights of the student.</param>
/// <param name="EquationsQ">Q of the equations.</param>
/// <param name="EquationsR">R of the equations.</param>
/// <param name="EquationsFanOut">Output weights of the equations.</param>
/// <param name="SignError">Share of inputs on which student and teacher differ in sign, from online.signSamples draws of the fields; null without.</param>
/// <param name="EquationsSignError">The same of the equations, from the same normal numbers.</param>
public sealed record OnlineRow(
    int Seed, long Step, double Time, bool Diverged, double Error, double Equations, IReadOnlyList<double> Q, IReadOnlyList<double> R,
    IReadOnlyList<double> FanOut, IReadOnlyList<double> EquationsQ, IReadOnlyList<double> EquationsR, IReadOnlyList<double> EquationsFanOut,
    double? SignError = null, double? EquationsSignError = null)
{
    /// <summary>|Error − Equations| / Equations; infinite where the simulation left the numbers and the equations did not.</summary>
    internal double Deviation => double.IsFinite(Error) ? Math.Abs(Error - Equations) / Equations : double.IsFinite(Equations) ? double.PositiveInfinity : double.NaN;
}

/// <summary>The equations after the end of a simulation: table <c>online.equations</c>.</summary>
/// <param name="Seed">The seed within the run.</param>
/// <param name="Step">0: recorded before the first sample.</param>
/// <param name="Time">Steps over inputs.</param>
/// <param name="Error">ε_g.</param>
/// <param name="Q">Overlaps of student nodes, [K, K].</param>
/// <param name="R">Overlaps of student with teacher nodes, [K, M].</param>
/// <param name="FanOut">Output weights of the student.</param>
public sealed record OnlineEquationsRow(
    int Seed, long Step, double Time, double Error, IReadOnlyList<double> Q, IReadOnlyList<double> R, IReadOnlyList<double> FanOut);

/// <summary>Where the equations end under label noise: table <c>online.floor</c>.</summary>
/// <param name="Seed">The seed within the run: another start near the teacher.</param>
/// <param name="Step">0.</param>
/// <param name="StudentNodes">K.</param>
/// <param name="Time">How long the equations were followed.</param>
/// <param name="Speed">Largest rate of change of an order parameter at the end.</param>
/// <param name="Error">ε_g at the end.</param>
/// <param name="Formula">σ²η/(2π) (K − M + M/√3), to first order in η.</param>
public sealed record NoiseFloorRow(int Seed, long Step, int StudentNodes, double Time, double Speed, double Error, double Formula);

/// <summary>Simulated students under label noise beside where the equations end: table <c>online.floor-simulated</c>.</summary>
/// <param name="Seed">The seed within the run: another start near the teacher, other samples.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="StudentNodes">K.</param>
/// <param name="Inputs">N.</param>
/// <param name="Time">Steps over inputs.</param>
/// <param name="Error">Mean of ε_g over the second half of the time.</param>
/// <param name="Deviation">Standard deviation of ε_g over these times.</param>
/// <param name="Equations">ε_g of the equations at their end.</param>
/// <param name="Formula">σ²η/(2π) (K − M + M/√3), to first order in η.</param>
public sealed record SimulatedFloorRow(
    int Seed, long Step, int StudentNodes, int Inputs, double Time, double Error, double Deviation, double Equations, double Formula);

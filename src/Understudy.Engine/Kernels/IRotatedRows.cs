namespace Understudy.Engine.Kernels;

/// <summary>Rows that sweeps of plane rotations turn.</summary>
internal interface IRotatedRows
{
    /// <summary>Begins a sweep whose rotations are of rows from <paramref name="first"/> to <paramref name="last"/>, the last pair first.</summary>
    void BeginSweep(int first, int last);

    /// <summary>Rotates rows i and i + 1, (x, y), to (c x - s y, s x + c y).</summary>
    void Rotate(int i, double cosine, double sine);
}

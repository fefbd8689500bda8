using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

// Chebyshev interpolation in 40 digits, rounded; the error of each fit is below a tenth of a unit in the last place of the function.
internal static partial class Transcendental<V, S>
{
    /// <summary>(e^z − 1 − z) / z² for |z| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpPolynomial(V z)
    {
        if (typeof(S) == typeof(float))
        {
            var p = V.Constant(0.00019890982710792465);
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.0013933642689829186));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.008333310932790487));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.041666464991106766));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.16666666681615916));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.5000000013459222));
            return p;
        }
        else
        {
            var p = V.Constant(2.0914680780540263e-09);
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.5105208339987698e-08));
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.7557273657975953e-07));
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.7557255421023506e-06));
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.4801587325536023e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.00019841269874804214));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.0013888888888883752));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.00833333333332614));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.04166666666666667));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.1666666666666667));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.5));
            return p;
        }
    }

    /// <summary>(ln((1 + s) / (1 − s)) / s − 2) / z with z = s², for (1 + s) / (1 − s) in [√½, √2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogPolynomial(V z)
    {
        if (typeof(S) == typeof(float))
        {
            var p = V.Constant(0.23330467216303835);
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.28550820815960665));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.40000121839806124));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.6666666655449709));
            return p;
        }
        else
        {
            var p = V.Constant(0.13086626147840102);
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.13268773138656886));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.15386239702814658));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.18181795640132906));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.22222222391713917));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.28571428570803614));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.4000000000000088));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.6666666666666666));
            return p;
        }
    }

    /// <summary>(tanh(x) / x − 1) / z with z = x² ≤ 0.36.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TanhPolynomial(V z)
    {
        if (typeof(S) == typeof(float))
        {
            var p = V.Constant(0.002370765640497788);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.008410070801530736));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.02178832199710852));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.05396155178134269));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.133333128668618));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.33333333231207923));
            return p;
        }
        else
        {
            var p = V.Constant(6.934046420988954e-06);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-3.2086614037935994e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(9.332432233847448e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.00023795201383924994));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.0005897680994688268));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0014557958855734635));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.0035921242500086925));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.008863235292803289));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.021869488527368107));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.05396825396808531));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.13333333333333205));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.3333333333333333));
            return p;
        }
    }

    /// <summary>erf(x) / x − 1 with z = x² ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfPolynomial(V z)
    {
        if (typeof(S) == typeof(float))
        {
            var p = V.Constant(7.875875062685488e-05);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.000801686428716587));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.005189087423433974));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.026854212010626412));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.11283594715160218));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.37612626666720334));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.12837916584835093));
            return p;
        }
        else
        {
            var p = V.Constant(5.957176147748911e-11);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-1.1372848856791674e-09));
            p = V.FusedMultiplyAdd(p, z, V.Constant(1.4659775274047436e-08));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-1.6350312701054695e-07));
            p = V.FusedMultiplyAdd(p, z, V.Constant(1.6461000484121368e-06));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-1.4925595266831182e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.0001205533111164271));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.000854832698083379));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.0052239776248180145));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.026866170645076792));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.11283791670954879));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.3761263890318375));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.1283791670955126));
            return p;
        }
    }

    /// <summary>e^(x²) erfc(x) with z = (x − 2) / (x + 2), for x in [1, 6].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfcPolynomial(V z)
    {
        if (typeof(S) == typeof(float))
        {
            var p = V.Constant(-0.0008468608866380713);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0008467640506489965));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.006973542284184829));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.00373360678012714));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.07897715079540377));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.24165816708007645));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.4271858701005458));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.2553956763570171));
            return p;
        }
        else
        {
            var p = V.Constant(-4.215301054238321e-07);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-5.322696855655786e-07));
            p = V.FusedMultiplyAdd(p, z, V.Constant(1.1780775215625583e-06));
            p = V.FusedMultiplyAdd(p, z, V.Constant(3.789215643758464e-06));
            p = V.FusedMultiplyAdd(p, z, V.Constant(1.392621183618803e-06));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-1.396807230177146e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-2.7579864674305787e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.7525480361206068e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.00017436116545392264));
            p = V.FusedMultiplyAdd(p, z, V.Constant(4.355560219515472e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.000981977026567889));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0008471432509203844));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.006997461739200444));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.003732892404327764));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.07897858101573213));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.24165819424246646));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.4271858474139584));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.25539567631050575));
            return p;
        }
    }

    /// <summary>(sin(x) / x − 1) / z with z = x², |x| ≤ π / 4: the Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinPolynomial(V z)
    {
        if (typeof(S) == typeof(float))
        {
            var p = V.Constant(2.7557319223985893e-06);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0001984126984126984));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.008333333333333333));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.16666666666666666));
            return p;
        }
        else
        {
            var p = V.Constant(2.8114572543455206e-15);
            p = V.FusedMultiplyAdd(p, z, V.Constant(-7.647163731819816e-13));
            p = V.FusedMultiplyAdd(p, z, V.Constant(1.6059043836821613e-10));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-2.505210838544172e-08));
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.7557319223985893e-06));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0001984126984126984));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.008333333333333333));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.16666666666666666));
            return p;
        }
    }

    /// <summary>(cos(x) − 1 + z / 2) / z² with z = x², |x| ≤ π / 4: the Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosPolynomial(V z)
    {
        if (typeof(S) == typeof(float))
        {
            var p = V.Constant(-2.755731922398589e-07);
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.48015873015873e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.001388888888888889));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.041666666666666664));
            return p;
        }
        else
        {
            var p = V.Constant(-1.5619206968586225e-16);
            p = V.FusedMultiplyAdd(p, z, V.Constant(4.779477332387385e-14));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-1.1470745597729725e-11));
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.08767569878681e-09));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-2.755731922398589e-07));
            p = V.FusedMultiplyAdd(p, z, V.Constant(2.48015873015873e-05));
            p = V.FusedMultiplyAdd(p, z, V.Constant(-0.001388888888888889));
            p = V.FusedMultiplyAdd(p, z, V.Constant(0.041666666666666664));
            return p;
        }
    }
}

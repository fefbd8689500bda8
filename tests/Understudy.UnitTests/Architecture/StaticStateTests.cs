using System.Reflection;
using System.Runtime.CompilerServices;

namespace Understudy.UnitTests.Architecture;

public class StaticStateTests
{
    public static TheoryData<string> Libraries => ["Understudy.Engine", "Understudy.Data", "Understudy.Learning", "Understudy.Lab", "Understudy.Studies"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void No_type_has_a_static_field_that_can_change(string library)
    {
        var changing = Assembly.Load(library).GetTypes()
            .Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(field => $"{field.DeclaringType}.{field.Name}");

        Assert.Empty(changing);
    }

    private static bool IsGenerated(Type type)
        => type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Name.Contains('<', StringComparison.Ordinal)
            || (type.DeclaringType is not null && IsGenerated(type.DeclaringType))
            || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;
}

using Understudy.Lab;
using Understudy.Studies.Hessian;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.Specialization;

namespace Understudy.Studies;

/// <summary>The studies of Understudy.</summary>
public static class StudyCatalog
{
    /// <summary>The studies in the order they are listed to people.</summary>
    public static IReadOnlyList<IStudy> All { get; } =
    [
        new SpecializationStudy(),
        new HessianStudy(),
        new RandomTeacherStudy(),
    ];

    /// <summary>The study of that name, or null.</summary>
    public static IStudy? Find(string name) => All.FirstOrDefault(study => study.Card.Name == name);
}

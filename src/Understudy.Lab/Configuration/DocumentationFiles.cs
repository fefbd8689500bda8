using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Understudy.Lab.Configuration;

/// <summary>Documentation comments, read from the XML files the compiler puts beside the assemblies.</summary>
internal sealed partial class DocumentationFiles
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    /// <summary>The summary of a property in plain text; empty where there is none.</summary>
    /// <remarks>A positional record documents its properties as parameters of the type.</remarks>
    internal string Summary(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        var members = Members(type.Assembly);
        var name = (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');
        if (members.GetValueOrDefault($"P:{name}.{property.Name}")?.Element("summary") is { } summary)
            return Plain(summary);
        var parameter = members.GetValueOrDefault($"T:{name}")?.Elements("param").FirstOrDefault(item => (string?)item.Attribute("name") == property.Name);
        return parameter is null ? "" : Plain(parameter);
    }

    private Dictionary<string, XElement> Members(Assembly assembly)
    {
        if (_files.TryGetValue(assembly, out var members))
            return members;
        var path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return _files[assembly] = File.Exists(path) ? Read(path) : [];
    }

    private static Dictionary<string, XElement> Read(string path)
    {
        try
        {
            return XDocument.Load(path).Descendants("member").DistinctBy(Name).ToDictionary(Name, StringComparer.Ordinal);
        }
        catch (XmlException)
        {
            // a damaged documentation file costs the help text, not the run
            return [];
        }

        static string Name(XElement member) => (string?)member.Attribute("name") ?? "";
    }

    private static string Plain(XElement element)
        => Spaces().Replace(string.Concat(element.DescendantNodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" or "seealso" } link when link.IsEmpty => Target(link),
        _ => "",
    };

    private static string Target(XElement link)
    {
        if ((string?)(link.Attribute("langword") ?? link.Attribute("name") ?? link.Attribute("href")) is { } word)
            return word;
        var name = ((string?)link.Attribute("cref") ?? "").Split('(')[0].Split('.', ':')[^1];
        return name.Length == 0 ? "" : char.ToLowerInvariant(name[0]) + name[1..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

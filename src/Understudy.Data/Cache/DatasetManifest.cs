using System.Text.Json;

namespace Understudy.Data.Cache;

/// <summary>The data sets that can be fetched, with the checksums that their files must have.</summary>
/// <param name="Sets">The sets.</param>
public sealed record DatasetManifest(IReadOnlyList<DatasetEntry> Sets)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The sets this version knows.</summary>
    public static DatasetManifest Default { get; } = Load();

    /// <summary>The set of that name.</summary>
    /// <exception cref="DataUnavailableException">There is none.</exception>
    public DatasetEntry Find(string name)
        => Sets.FirstOrDefault(set => set.Name == name)
            ?? throw new DataUnavailableException($"{name} is not a data set that can be fetched; there are {string.Join(", ", Sets.Select(set => set.Name))}.");

    private static DatasetManifest Load()
    {
        using var stream = typeof(DatasetManifest).Assembly.GetManifestResourceStream("datasets.json")!;
        return JsonSerializer.Deserialize<DatasetManifest>(stream, Options)!;
    }
}

/// <summary>One data set.</summary>
/// <param name="Name">The name users type.</param>
/// <param name="Title">What it is, in a line.</param>
/// <param name="Citation">What to cite.</param>
/// <param name="Licence">What the publisher allows, in a sentence.</param>
/// <param name="Layout">How the files are built.</param>
/// <param name="Classes">The names of the labels, in their order.</param>
/// <param name="Files">The files in the cache.</param>
/// <param name="Sources">Where the files can come from, the most convenient first.</param>
public sealed record DatasetEntry(
    string Name,
    string Title,
    string Citation,
    string Licence,
    string Layout,
    IReadOnlyList<string> Classes,
    IReadOnlyList<DatasetFile> Files,
    IReadOnlyList<DatasetSource> Sources)
{
    /// <summary>Bytes of the files in the cache.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Bytes to download from the first source.</summary>
    public long DownloadBytes => Sources.Count > 0 ? Sources[0].Bytes : 0;

    /// <summary>The text stored beside the data.</summary>
    public string Notice => $"{Title}\n\nLicence: {Licence}\nCite: {Citation}\nLayout: {Layout}\n";
}

/// <summary>One file of a data set as it lies in the cache.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Bytes">The length.</param>
/// <param name="Sha256">The checksum, 64 lower-case hexadecimal digits.</param>
public sealed record DatasetFile(string Name, long Bytes, string Sha256);

/// <summary>A place the files of a data set can come from.</summary>
/// <param name="Kind"><c>npm</c> (a package), <c>archive</c> (a tar file), <c>files</c> (single .gz files at an address) or <c>folder</c> (a folder of a distribution's package).</param>
/// <param name="Recipe"><c>copy</c> (the files themselves, .gz or not) or <c>cifar-png</c> (pictures of 1,024 x 10,000 and lists of labels).</param>
public sealed record DatasetSource(string Kind, string Recipe)
{
    /// <summary>The package's name.</summary>
    public string Package { get; init; } = "";

    /// <summary>The package's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The archive's file name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The publisher's address, ending in a slash.</summary>
    public string Address { get; init; } = "";

    /// <summary>Where the files lie: a folder of the machine for <c>folder</c>, one inside the package or archive otherwise.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Bytes to fetch.</summary>
    public long Bytes { get; init; }

    /// <summary>The checksum of the package or archive, or empty.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>The source in a few words.</summary>
    public string Description => Kind switch
    {
        "npm" => $"npm package {Package} {Version}",
        "folder" => $"package {Package} of the distribution ({Folder})",
        _ => $"publisher ({Address}{Name})",
    };

    /// <summary>The name of the file that is downloaded.</summary>
    internal string DownloadName => Kind == "npm" ? $"{Package}-{Version}.tgz" : Name;
}

using System.Security.Cryptography;
using System.Text;
using Understudy.Data;
using Understudy.Data.Datasets;
using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.UnitTests.Data.Formats;

namespace Understudy.UnitTests.Data.Datasets;

public sealed class ImageFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Folders_of_classes_below_train_and_test_are_read_in_the_order_of_their_names()
    {
        Picture("train/dog/b.png", 3, 20);
        Picture("train/dog/a/c.PNG", 3, 10);
        Write("train/cat/x.jpeg", JpegForge.Row([new int[64], new int[64]], 1));
        Picture("test/cat/1.png", 1, 5);
        Picture("test/dog/1.png", 4, 6);
        Write("test/dog/.hidden", [1]);
        Write("test/dog/list.txt", [1, 2]);

        var images = ImageFolder.Load(_folder);

        Assert.Equal(ImageFolderKind.ClassFolders, images.Kind);
        Assert.Equal("class folders: 3 pictures to learn from and 2 to judge by, 8 x 16 x 3, in 2 classes", images.Summary);
        Assert.Equal(["cat", "dog"], images.Test.ClassNames);
        Assert.Equal([0, 1, 1], images.Train.Labels.ToArray());
        Assert.Equal([0, 1], images.Test.Labels.ToArray());
        Assert.Equal([128, 128, 128], images.Train.Image(0)[..3].ToArray());
        Assert.Equal([10, 11, 12, 10, 11, 12], images.Train.Image(1)[..6].ToArray());
        Assert.Equal([20, 21, 22], images.Train.Image(2)[^3..].ToArray());
        // grey becomes three equal channels beside colors, and transparency is left out
        Assert.Equal([5, 5, 5, 5], images.Test.Image(0)[..4].ToArray());
        Assert.Equal([6, 7, 8, 6], images.Test.Image(1)[..4].ToArray());
        Assert.Equal(["Passed over because they are neither PNG nor JPEG, files: 1."], images.Notes);
    }

    [Fact]
    public void Pictures_that_are_all_grey_have_one_channel_and_val_stands_in_for_a_test_without_classes()
    {
        Picture("train/0/a.png", 1, 7);
        Picture("val/0/a.png", 2, 9);
        Picture("test/images/unlabelled.png", 3, 1);

        var images = ImageFolder.Load(_folder);

        Assert.Equal((1, 1, 1, 1), (images.Train.Count, images.Test.Count, images.Train.Channels, images.Test.Channels));
        Assert.Equal(9, images.Test.Image(0)[127]);
    }

    [Fact]
    public void A_share_of_every_class_is_set_apart_where_the_folder_does_not_say()
    {
        for (var i = 0; i < 10; i++)
            Picture($"many/{i}.png", 1, (byte)i);
        for (var i = 0; i < 3; i++)
            Picture($"few/{i}.png", 1, (byte)(100 + i));
        static byte[] Firsts(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(i => set.Image(i)[0])];

        var images = ImageFolder.Load(_folder, new ImageFolderOptions { TestShare = 0.3 });

        Assert.Equal([0, 0, 1, 1, 1, 1, 1, 1, 1], images.Train.Labels.ToArray());
        Assert.Equal([0, 1, 1, 1], images.Test.Labels.ToArray());
        byte[] train = Firsts(images.Train), test = Firsts(images.Test);
        Assert.Equal<byte>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 101, 102], [.. train.Concat(test).Order()]);
        // in the order of names, for either side
        Assert.Equal([.. train.Where(value => value >= 100).Order(), .. train.Where(value => value < 100).Order()], train);
        Assert.Equal(["The folder does not say which pictures are for judging: 4 of 13 were drawn, by class."], images.Notes);
        Assert.Equal(test, Firsts(ImageFolder.Load(_folder, new ImageFolderOptions { TestShare = 0.3 }).Test));
        Assert.NotEqual(test, Firsts(ImageFolder.Load(_folder, new ImageFolderOptions { TestShare = 0.3, Seed = 2 }).Test));
    }

    [Fact]
    public void The_checksum_is_that_of_checksums_and_names_whatever_the_split_and_the_threads()
    {
        for (var i = 0; i < 300; i++)
            Picture($"c{i % 3}/{i:D3}.png", 3, (byte)i);
        var lines = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)
            .Select(name => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(At(name))))}  {name}\n");
        using var team = new Team(2);

        LabelledImages alone = ImageFolder.Load(_folder), together = ImageFolder.Load(_folder, new ImageFolderOptions { Team = team }), other = ImageFolder.Load(_folder, new ImageFolderOptions { Seed = 2 });

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines)))), alone.Sha256);
        Assert.Equal((alone.Sha256, alone.Sha256), (together.Sha256, other.Sha256));
        Assert.Equal(alone.Train.Images.ToArray(), together.Train.Images.ToArray());
        Assert.NotEqual(alone.Train.Images.ToArray(), other.Train.Images.ToArray());
        File.Move(At("c0/000.png"), At("c0/00.png"));
        Assert.NotEqual(alone.Sha256, ImageFolder.Load(_folder).Sha256);
    }

    [Fact]
    public void A_folder_train_with_pictures_of_its_own_is_a_class_and_hidden_folders_are_none()
    {
        foreach (var name in new[] { "car/1", "car/2", "train/1", "train/2", "train/.ipynb_checkpoints/1", ".cache/1" })
            Picture($"{name}.png", 1, 1);

        var images = ImageFolder.Load(_folder);

        Assert.Equal(["car", "train"], images.Train.ClassNames);
        Assert.Equal((2, 2), (images.Train.Count, images.Test.Count));
    }

    [Fact]
    public void Tiny_ImageNet_is_read_as_it_is_unpacked()
    {
        Picture("tiny-imagenet-200/train/n2/images/n2_0.png", 3, 30);
        Picture("tiny-imagenet-200/train/n1/images/n1_0.png", 3, 20);
        Write("tiny-imagenet-200/train/n1/n1_boxes.txt", [1]);
        Picture("tiny-imagenet-200/val/images/val_1.png", 1, 1);
        Picture("tiny-imagenet-200/val/images/val_0.png", 3, 2);
        Picture("tiny-imagenet-200/test/images/test_0.png", 3, 3);
        Text("tiny-imagenet-200/val/val_annotations.txt", "val_1.png\tn1\t0\t0\t1\t1\r\nval_0.png\tn2\t0\t0\t1\t1\r\n");
        Text("tiny-imagenet-200/words.txt", "n1\tgoldfish, Carassius auratus\nn9\tother\n");

        var images = ImageFolder.Load(_folder);

        Assert.Equal("Tiny-ImageNet: 2 pictures to learn from and 2 to judge by, 8 x 16 x 3, in 2 classes", images.Summary);
        Assert.Equal(["goldfish (n1)", "n2"], images.Train.ClassNames);
        Assert.Equal([20, 30], new[] { images.Train.Image(0)[0], images.Train.Image(1)[0] });
        Assert.Equal([1, 0], images.Test.Labels.ToArray());
        Assert.Equal([2, 1], new[] { images.Test.Image(0)[0], images.Test.Image(1)[0] });
        Assert.Empty(images.Notes);

        Text("tiny-imagenet-200/val/val_annotations.txt", "val_1.png\tn3\n");
        Assert.Equal($"{At("tiny-imagenet-200/val/val_annotations.txt")}: line 1 does not name a picture and one of the 2 classes of train; unpack the set again.", Problem());
        Text("tiny-imagenet-200/val/val_annotations.txt", "val_1.png\tn1\nval_7.png\tn1\n");
        Assert.Equal($"{At("tiny-imagenet-200/val/val_annotations.txt")}: line 2 names val_7.png, which is not in val/images; unpack the set again.", Problem());
    }

    [Fact]
    public void What_is_wrong_with_a_folder_is_named_with_what_to_do()
    {
        Assert.Equal(
            $"{_folder}: there are no folders in it; expected is one folder of PNG or JPEG pictures for each class, or train and test with such folders, or the files of CIFAR-10, CIFAR-100 (binary versions), STL-10 or Tiny-ImageNet-200.",
            Problem());
        Assert.StartsWith($"{At("none")}: there is no such folder; expected is", Assert.Throws<UnreadableFileException>(() => ImageFolder.Load(At("none"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Load(_folder, new ImageFolderOptions { TestShare = 1 }));

        Picture("a/0.png", 3, 1);
        Assert.Equal($"{At("a/0.png")}: its class has no other picture, but a share of every class is set apart for judging; add pictures, or part them into train and test yourself.", Problem());
        Picture("a/1.png", 3, 1);
        Write("a/2.png", JpegTests.Fixture("444"));
        Assert.Equal($"{At("a/2.png")}: the picture is 33 x 47, but a/1.png is 16 x 8; pictures of a set have one size: scale it, or take it out of the folder.", Problem());
        Write("a/2.png", [1, 2, 3]);
        Assert.Equal($"{At("a/2.png")}: this is neither a PNG nor a JPEG file; save it as one or take it out of the folder.", Problem());
        Write("a/2.png", JpegTests.Fixture("444")[..100]);
        Assert.StartsWith($"{At("a/2.png")}: the segment at byte 89 should have 67 bytes", Problem(), StringComparison.Ordinal);
        File.Delete(At("a/2.png"));
        Write("b/notes.webp", [1]);
        Assert.Equal($"{At("b")}: the class has no PNG or JPEG picture (other files: 1); put some there, or take the folder away.", Problem());

        Picture("train/a/0.png", 3, 1);
        Picture("test/a/0.png", 3, 1);
        Picture("test/c/0.png", 3, 1);
        Assert.Equal($"{At("test/c")}: there is no class of this name in train; give both folders the same classes.", Problem());
        for (var i = 0; i <= 256; i++)
            Directory.CreateDirectory(At($"train/many{i:D3}"));
        Assert.Equal($"{At("train")}: there are 258 class folders, but a set has at most 256 classes; take some out, from many255 on for instance.", Problem());
    }

    [Fact]
    public void Cifar_100_gives_fine_labels_with_their_names()
    {
        byte[] Record(byte coarse, byte fine) => [coarse, fine, .. Enumerable.Range(0, 3072).Select(at => (byte)(at / 7))];
        Write("cifar-100-binary/train.bin", [.. Record(19, 3), .. Record(4, 99)]);
        Write("cifar-100-binary/test.bin", Record(4, 0));
        Text("cifar-100-binary/fine_label_names.txt", string.Join('\n', Enumerable.Range(0, 100).Select(c => $"name{c}")) + "\n\n");

        var images = ImageFolder.Load(_folder);

        Assert.Equal("CIFAR-100: 2 pictures to learn from and 1 to judge by, 32 x 32 x 3, in 100 classes", images.Summary);
        Assert.Equal([3, 99], images.Train.Labels.ToArray());
        Assert.Equal("name99", images.Train.ClassNames[99]);
        Assert.Equal([(byte)(35 / 7), unchecked((byte)(1059 / 7)), unchecked((byte)(2083 / 7))], images.Train.Image(1).Slice(35 * 3, 3).ToArray());
        Text("cifar-100-binary/fine_label_names.txt", "one\n");
        Assert.EndsWith("names of classes: 1, but classes: 100; take the file that came with the pictures, or none.", Problem(), StringComparison.Ordinal);
        Write("cifar-100-binary/test.bin", Record(4, 100));
        File.Delete(At("cifar-100-binary/fine_label_names.txt"));
        Assert.EndsWith("record 0 has the label 100, but the labels go from 0 to 99.", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_of_STL_10_are_turned_from_columns_into_rows()
    {
        const int plane = 96 * 96;
        static byte Pixel(int channel, int y, int x) => (byte)((50 * channel) + (y * 3) + (x * 7));
        byte[] picture = [.. Enumerable.Range(0, 3 * plane).Select(at => Pixel(at / plane, at % 96, at % plane / 96))];
        Write("stl10_binary/train_X.bin", [.. new byte[3 * plane], .. picture]);
        Write("stl10_binary/train_y.bin", [10, 1]);
        Write("stl10_binary/test_X.bin", picture);
        Write("stl10_binary/test_y.bin", [2]);

        var images = ImageFolder.Load(_folder);

        Assert.Equal("STL-10: 2 pictures to learn from and 1 to judge by, 96 x 96 x 3, in 10 classes", images.Summary);
        Assert.Equal([9, 0], images.Train.Labels.ToArray());
        Assert.Equal([Pixel(0, 5, 90), Pixel(1, 5, 90), Pixel(2, 5, 90)], images.Train.Image(1).Slice(((5 * 96) + 90) * 3, 3).ToArray());
        Write("stl10_binary/test_y.bin", [2, 2]);
        Assert.EndsWith("2 labels ask for 2 pictures of 27648 bytes, but the file has 27648; it was cut off or is not one of STL-10.", Problem(), StringComparison.Ordinal);
        Write("stl10_binary/test_y.bin", [0]);
        Assert.EndsWith("picture 0 has the label 0, but the labels go from 1 to 10.", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cifar_10_is_recognized_by_its_files()
    {
        foreach (var name in new[] { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin" })
            Write(name, new byte[CifarBinary.RecordLength]);

        Assert.Equal("CIFAR-10: 5 pictures to learn from and 1 to judge by, 32 x 32 x 3, in 10 classes", ImageFolder.Load(_folder).Summary);
        File.Delete(At("data_batch_3.bin"));
        Assert.StartsWith($"{At("data_batch_3.bin")}: the file is missing", Problem(), StringComparison.Ordinal);
    }

    private string Problem() => Assert.Throws<UnreadableFileException>(() => ImageFolder.Load(_folder)).Message;

    private string At(string name) => Path.Combine(_folder, name);

    private void Text(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>A PNG file of 16 x 8 pixels whose channels are a number and those that follow it.</summary>
    private void Picture(string name, int channels, byte value)
    {
        using var stream = new MemoryStream();
        Png.Write(stream, new Raster(16, 8, channels, [.. Enumerable.Range(0, 128 * channels).Select(at => (byte)(value + (at % channels)))]));
        Write(name, stream.ToArray());
    }

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), content);
    }
}

using CsCheck;
using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

public sealed class InputFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_stands_for_the_json_and_ndjson_files_at_any_depth_sorted_by_name_not_by_folder()
    {
        foreach (var name in new[] { "z/a.json", "b.ndjson", "a/C.JSON", "notes.txt", "a/deep/Ä.json", "x.jsonl" })
            _folder.Write(name, "{}");
        Assert.Equal(["C.JSON", "a.json", "b.ndjson", "Ä.json"], Names([_folder.Path]));
    }

    [Fact]
    public void Files_of_one_name_are_sorted_by_path_and_numbered_from_zero()
    {
        _folder.Write("2/a.json", "two");
        _folder.Write("1/a.json", "1");
        var files = InputFile.Find([_folder.Path], out _);
        Assert.Equal([(1, 0), (3, 1)], files.Select(f => ((int)f.Length, f.FirstNumber)));
    }

    [Fact]
    public void A_file_named_twice_comes_once_and_a_named_file_may_end_in_anything()
    {
        var file = _folder.Write("a.json", "{}");
        var other = _folder.Write("bundle.fhir", "{}");
        Assert.Equal(["a.json", "bundle.fhir"], Names([file, _folder.Path, other, file]));
    }

    [Fact]
    public void A_path_that_does_not_exist_is_named()
    {
        InputFile.Find([_folder.Path, "/no/such/folder"], out var missing);
        Assert.Equal("/no/such/folder", missing);
    }

    [Fact]
    public void Slices_deal_out_every_file_once_and_the_limit_counts_within_the_slice() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 7]).Sample((count, slices) =>
        {
            var files = Enumerable.Range(0, count).Select(n => new InputFile($"{n}", 1)).ToList();
            var dealt = Enumerable.Range(1, slices).Select(k => InputFile.Select(files, Options() with { Slice = k, Slices = slices })).ToList();
            var limited = InputFile.Select(files, Options() with { Slices = slices, Limit = 2 });
            return dealt.SelectMany(s => s).OrderBy(f => int.Parse(f.Path)).SequenceEqual(files)
                && dealt[0].Take(2).SequenceEqual(limited)
                && (count == 0 || dealt[0][0] == files[0]);
        });

    private static LoadOptions Options() => new() { Paths = [], Source = "dorset" };

    private static IEnumerable<string> Names(IEnumerable<string> paths) => InputFile.Find(paths, out _).Select(f => Path.GetFileName(f.Path));
}

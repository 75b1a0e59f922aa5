using System.Text;
using Lhcre.Silo.Fhir;

namespace Lhcre.Silo.Tests.Negotiating;

public sealed class KeptFormsTests
{
    private const int Room = 64 * 1024;

    [Fact]
    public async Task What_was_made_is_found_until_another_version_takes_its_place()
    {
        var forms = new KeptForms(Room);
        await Make(forms, "a", "1", 1, 100);
        Assert.Equal("1", forms.Find(Key("a"))!.Tag);

        await Make(forms, "a", "2", 2, 200);
        var kept = forms.Find(Key("a"))!;
        Assert.Equal(("2", 200), (kept.Tag, kept.Bytes.Length));
        Assert.InRange(forms.Bytes, 200, 200 + 1024);
    }

    [Fact]
    public async Task An_older_version_that_comes_late_displaces_nothing()
    {
        var forms = new KeptForms(Room);
        await Make(forms, "a", "2", 2, 100);
        await Make(forms, "a", "1", 1, 100);

        Assert.Equal("2", forms.Find(Key("a"))!.Tag);
    }

    [Fact]
    public async Task Beyond_the_room_what_was_asked_for_longest_ago_goes()
    {
        var forms = new KeptForms(Room);
        for (var i = 0; i < 100; i++)
        {
            await Make(forms, $"{i}", "1", 1, 4000);
            Assert.InRange(forms.Bytes, 0, Room);
            Assert.NotNull(forms.Find(Key("0")));
        }

        Assert.Null(forms.Find(Key("1")));
        Assert.NotNull(forms.Find(Key("99")));
    }

    [Fact]
    public async Task One_answer_takes_no_more_than_its_share()
    {
        var forms = new KeptForms(Room);
        var made = await Make(forms, "a", "1", 1, Room / 2);

        Assert.Equal((Room / 2, 0L), (made.Bytes.Length, forms.Bytes));
        Assert.Null(forms.Find(Key("a")));
    }

    [Fact]
    public async Task However_many_ask_it_is_made_once()
    {
        var forms = new KeptForms(Room);
        var gate = new TaskCompletionSource();
        var made = 0;
        var asked = Enumerable.Range(0, 20).Select(_ => forms.Make(Key("a"), "1", 1, null, Slowly)).ToArray();
        gate.SetResult();
        var got = await Task.WhenAll(asked);

        Assert.Equal(1, made);
        Assert.All(got, form => Assert.Same(got[0], form));

        async ValueTask<ReadOnlyMemory<byte>> Slowly()
        {
            Interlocked.Increment(ref made);
            await gate.Task;
            return new byte[10];
        }
    }

    [Fact]
    public async Task What_fails_fails_for_all_who_wait_and_is_tried_anew_for_the_next()
    {
        var forms = new KeptForms(Room);
        var gate = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 3).Select(_ => forms.Make(Key("a"), "1", 1, null, Failing)).ToArray();
        gate.SetResult();
        foreach (var task in asked)
            await Assert.ThrowsAsync<InvalidDataException>(() => task);

        Assert.Equal("1", (await Make(forms, "a", "1", 1, 10)).Tag);

        async ValueTask<ReadOnlyMemory<byte>> Failing()
        {
            await gate.Task;
            throw new InvalidDataException();
        }
    }

    [Fact]
    public void Only_what_is_asked_for_again_is_worth_it()
    {
        var forms = new KeptForms(Room);
        Assert.False(forms.IsWorthKeeping(Key("a"), 1000));
        Assert.True(forms.IsWorthKeeping(Key("a"), 1000));
        Assert.False(forms.IsWorthKeeping(Key("a"), null));
        Assert.False(forms.IsWorthKeeping(Key("a"), Room + 1));
        Assert.DoesNotContain(Enumerable.Range(0, 5000), i => forms.IsWorthKeeping(Key($"walk {i}"), 1000));
    }

    [Fact]
    public async Task Without_room_nothing_is_kept()
    {
        var forms = new KeptForms(0);
        Assert.False(forms.IsWorthKeeping(Key("a"), 0));
        Assert.False(forms.IsWorthKeeping(Key("a"), 0));
        await Make(forms, "a", "1", 1, 0);
        Assert.Null(forms.Find(Key("a")));
    }

    [Fact]
    public void A_key_does_not_print_the_url() => Assert.DoesNotContain("9995000008", $"{Key("9995000008")}", StringComparison.Ordinal);

    [Fact]
    public void What_is_sent_as_it_is_is_worth_keeping_only_where_it_is_small()
    {
        var forms = new KeptForms(8L << 20);
        var plain = new KeptForms.Key("/fhir/plain", null, MediaKind.Json, "identity");

        Assert.Equal((false, true), (forms.IsWorthKeeping(plain, 128 * 1024), forms.IsWorthKeeping(plain, 128 * 1024)));
        Assert.False(forms.IsWorthKeeping(plain, (128 * 1024) + 1));
        Assert.Equal((false, true), (forms.IsWorthKeeping(Key("large"), 1 << 20), forms.IsWorthKeeping(Key("large"), 1 << 20)));
    }

    private static KeptForms.Key Key(string target) => new($"/fhir/{target}", null, MediaKind.Json, "gzip");

    private static Task<KeptForm> Make(KeptForms forms, string target, string tag, long version, int bytes) =>
        forms.Make(Key(target), tag, version, null, () => new ValueTask<ReadOnlyMemory<byte>>(Encoding.ASCII.GetBytes(new string('x', bytes))));
}

using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Lhcre.Record.Tests;

public class IdentityTests
{
    private const string KnownKey = "pversaiphrn5imssl464jvan2xy";
    private const string KnownLocalKey = "uq747ckepdlttrupt2syxorjrog";
    private const string KnownHash = "4dxi6jh5s5ixucyuajfbe4olom";

    private static readonly Gen<byte[]> Hashes = Gen.Byte.Array[32];

    private static PseudonymKey Secret { get; } = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void A_pseudonym_is_pinned_for_a_known_secret_and_number()
    {
        // HMAC-SHA-256 of the ASCII digits, 130 bits in base32: worked out outside this code, as the local one. A change loses every record.
        Assert.True(NhsNumber.TryParse("999 000 0018", out var number));
        Assert.Equal(KnownKey, Secret.For(number).Value);
        Assert.Equal(27, KnownKey.Length);
    }

    [Fact]
    public void A_pseudonym_depends_on_the_number_and_on_every_bit_of_the_secret() =>
        Gen.Select(Gen.Int[0, 255], Gen.Int[1, 999_999_998]).Sample((bit, first9) =>
        {
            if (!NhsNumber.TryComplete(first9, out var number) || !NhsNumber.TryComplete(943_476_591, out var other) || number == other)
                return;
            var secret = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
            secret[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(Secret.For(number), new PseudonymKey(secret).For(number));
            Assert.NotEqual(Secret.For(number), Secret.For(other));
        });

    [Fact]
    public void The_pseudonym_of_a_local_identifier_is_pinned_and_of_every_part_of_it()
    {
        var key = Secret.For("dorset", "https://example.org/mrn", "4711");

        Assert.Equal(KnownLocalKey, key.Value);
        Assert.True(key.IsLocal);
        Assert.False(PatientKey.Parse(KnownKey).IsLocal);
        PatientKey[] others =
        [
            Secret.For("hampshire", "https://example.org/mrn", "4711"), Secret.For("dorset", "https://example.org/mrn2", "4711"), Secret.For("dorset", "https://example.org/mrn", "4712"),
            Secret.For("dorset", "https://example.org/mrn", "4711", 2), Secret.For("dorset", "https://example.org/mrn 4", "711"), new PseudonymKey(new byte[32]).For("dorset", "https://example.org/mrn", "4711"),
        ];
        Assert.Equal(7, others.Append(key).Distinct().Count());
    }

    [Fact]
    public void Every_key_of_a_number_is_below_every_local_one() => Gen.Select(Hashes, Hashes).Sample((one, other) =>
        PatientKey.FromHash(one).CompareTo(PatientKey.FromLocalHash(other)) < 0);

    [Fact]
    public void A_fingerprint_recognises_the_secret() => Assert.Equal("vnkcb4g73t4iwpi3uqahbw4f7z", Secret.Fingerprint);

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_secret_has_32_bytes(int length) => Assert.Throws<ArgumentException>(() => new PseudonymKey(new byte[length]));

    [Theory]
    [InlineData(KnownKey, true)]
    [InlineData(KnownLocalKey, true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("pversaiphrn5imssl464jvan2x", false)] // one short
    [InlineData("pversaiphrn5imssl464jvan2xyy", false)] // one long
    [InlineData("qversaiphrn5imssl464jvan2xy", false)]
    [InlineData("PVERSAIPHRN5IMSSL464JVAN2XY", false)]
    [InlineData("pversaiphrn5imssl464jvan2x1", false)] // no 0, 1, 8, 9 in base32
    [InlineData("pversaiphrn5imssl464jvan2x-", false)]
    public void A_patient_key_is_p_or_u_and_26_characters_of_base32(string? text, bool expected)
    {
        Assert.Equal(expected, PatientKey.TryParse(text, out var key));
        Assert.Equal(expected ? text : "", key.Value);
    }

    [Fact]
    public void A_text_that_is_no_patient_key_is_not_repeated_in_the_exception()
    {
        var exception = Assert.Throws<FormatException>(() => PatientKey.Parse("9434765919"));
        Assert.DoesNotContain("9434765919", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patient_key_reads_what_it_wrote_and_orders_by_its_text() =>
        Gen.Select(Hashes, Hashes).Sample((one, other) =>
        {
            var (left, right) = (PatientKey.FromHash(one), PatientKey.FromHash(other));
            return PatientKey.Parse(left.ToString()) == left
                && Math.Sign(left.CompareTo(right)) == Math.Sign(string.CompareOrdinal(left.Value, right.Value));
        });

    [Fact]
    public void Base32_keeps_130_bits_and_refuses_any_other_text() =>
        Hashes.Sample(bytes =>
        {
            var text = Base32.Write(bytes);
            Span<byte> back = stackalloc byte[17];
            var expected = bytes[..17];
            expected[16] &= 0xC0;
            Assert.Equal(26, text.Length);
            Assert.True(Base32.TryRead(text, back));
            Assert.Equal(expected, back.ToArray());
            Assert.False(Base32.TryRead(text.AsSpan(1), back));
            Assert.False(Base32.TryRead("0" + text[1..], back));
        });

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaa", 0x00)]
    [InlineData("77777777777777777777777777", 0xFF)]
    public void Base32_has_the_alphabet_of_RFC_4648_in_lower_case(string text, byte value)
    {
        var bytes = new byte[32];
        Array.Fill(bytes, value);
        Assert.Equal(text, Base32.Write(bytes));
    }

    [Fact]
    public void An_entrys_hash_is_that_of_source_type_and_id()
    {
        Assert.Equal(KnownHash, new EntryKey("dorset", "Observation", "o-1").Hash().ToString());
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("dorset/Observation/o-1"));
        Assert.Equal(KnownHash, Base32.Write(hash));
    }

    [Fact]
    public void An_entrys_hash_orders_by_its_bits() =>
        Gen.Select(Hashes, Hashes).Sample((one, other) =>
            Math.Sign(EntryHash.From(one).CompareTo(EntryHash.From(other)))
            == Math.Sign(string.Concat(one[..16].Select(Bits)).CompareTo(string.Concat(other[..16].Select(Bits)), StringComparison.Ordinal)));

    [Fact]
    public void A_merged_id_routes_itself_in_54_characters()
    {
        var id = new MergedId(PatientKey.Parse(KnownKey), new EntryKey("dorset", "Observation", "o-1").Hash());
        Assert.Equal($"{KnownKey}-{KnownHash}", id.ToString());
        Assert.Equal(54, id.ToString().Length);
        Assert.True(EntryKey.IsValidId(id.ToString()));
    }

    [Fact]
    public void The_merged_Patient_is_the_persons_key_alone() =>
        Assert.Equal(KnownKey, new MergedId(PatientKey.Parse(KnownKey), null).ToString());

    [Fact]
    public void A_merged_id_reads_what_it_wrote() =>
        Gen.Select(Hashes, Hashes, Gen.Bool).Sample((patient, entry, ofPatient) =>
        {
            var id = new MergedId(PatientKey.FromHash(patient), ofPatient ? null : EntryHash.From(entry));
            return MergedId.TryParse(id.ToString(), out var again) && again == id;
        });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("o-1")]
    [InlineData(KnownHash)]
    [InlineData(KnownKey + "-")]
    [InlineData(KnownKey + "." + KnownHash)]
    [InlineData(KnownKey + KnownHash)]
    [InlineData(KnownKey + "-" + KnownHash + "a")]
    [InlineData(KnownKey + "-4DXI6JH5S5IXUCYUAJFBE4OLOM")]
    [InlineData("q" + KnownHash + "-" + KnownHash)]
    public void Any_other_text_is_no_merged_id(string? text) => Assert.False(MergedId.TryParse(text, out _));

    [Fact]
    public void Entries_order_by_source_then_type_then_id_each_ordinal()
    {
        EntryKey[] ascending =
        [
            new("dorset", "Condition", "9"), new("dorset", "Observation", "1"), new("dorset", "Observation", "10"), new("dorset", "Observation", "2"),
            new("dorset", "Observation", "A"), new("dorset", "Observation", "a"), new("hampshire", "Condition", "1"),
        ];
        Assert.Equal(ascending, ascending.Reverse().Order());
        Assert.True(ascending[0].CompareTo(null) > 0);
        Assert.Equal(0, ascending[0].CompareTo(ascending[0] with { }));
    }

    [Fact]
    public void An_entry_does_not_print_the_sources_own_id()
    {
        var key = new EntryKey("dorset", "Observation", "hospital-7");
        Assert.Equal("dorset/Observation/*", key.ToString());
        Assert.Equal("Observation/hospital-7", key.Reference);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-1.b", true)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", true)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", false)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void A_FHIR_id_is_1_to_64_letters_digits_dashes_and_dots(string id, bool expected) => Assert.Equal(expected, EntryKey.IsValidId(id));

    [Theory]
    [InlineData("dorset", true)]
    [InlineData("isle-of-wight", true)]
    [InlineData("a", true)]
    [InlineData("a2345678901234567890123456789012", true)]
    [InlineData("a23456789012345678901234567890123", false)]
    [InlineData("2nd", false)]
    [InlineData("-x", false)]
    [InlineData("Dorset", false)]
    [InlineData("dor/set", false)]
    [InlineData("dörset", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_source_id_is_safe_in_paths_and_JSON(string? id, bool expected)
    {
        Assert.Equal(expected, SourceSystem.IsValidId(id));
        if (!expected && id is not null)
            Assert.Throws<ArgumentException>(() => new SourceSystem(id));
    }

    [Fact]
    public void Three_sources_are_configured_by_default()
    {
        Assert.Equal(["dorset", "hampshire", "isle-of-wight"], SourceSystem.Wessex.Select(s => s.Id));
        Assert.Equal("somerset", new SourceSystem("somerset").Name);
    }

    [Fact]
    public void A_push_id_is_the_sources_own()
    {
        Assert.Equal(PushId.Of("dorset", "1"), PushId.Of("dorset", "1"));
        Assert.NotEqual(PushId.Of("dorset", "1"), PushId.Of("hampshire", "1"));
        Assert.NotEqual(PushId.Of("dorset", "1"), PushId.Of("dorset", "2"));
    }

    private static string Bits(byte value) => Convert.ToString(value, 2).PadLeft(8, '0');
}

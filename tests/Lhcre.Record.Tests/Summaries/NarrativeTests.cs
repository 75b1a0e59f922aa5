using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using static Lhcre.Record.Tests.Said;
using static Lhcre.Record.Tests.Summaries.ReadSummary;
using SummaryPage = Lhcre.Record.Summaries.SummaryPage;

namespace Lhcre.Record.Tests.Summaries;

/// <summary>What people read: who stated what, where sources disagree, and nothing that a browser would take for anything but text.</summary>
public partial class NarrativeTests
{
    private const string Subject = "'subject':{'reference':'Patient/1'}";

    [Fact]
    public void The_head_tells_whom_it_is_about_and_neither_where_they_live_nor_how_to_reach_them()
    {
        var summary = ReadSummary.Of(Of(
            Dorset,
            "Patient",
            "1",
            1,
            "'identifier':[{'extension':[{'url':'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus','valueCodeableConcept':{'coding':[{'code':'number-present-and-verified'}]}}],"
            + "'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}],'name':[{'use':'old','family':'Jones'},{'use':'official','prefix':['Ms'],'given':['Ann','Mary'],'family':'Smith'}],"
            + "'gender':'female','birthDate':'1980-02-03','deceasedDateTime':'2025-12','address':[{'text':'1 Quay Road'}],'telecom':[{'value':'07700 900123'}]"));
        Assert.StartsWith(
            "About|Name|Ms Ann Mary Smith|NHS number|999 000 0018 (verified)|Born|3 Feb 1980|Gender|female|Deceased|Dec 2025|Stated by|Dorset Care Record (1 Jan 2025)|"
            + "Made by the Wessex shared care record on 1 Mar 2026, 12:00 (UK time) from what its sources hold",
            summary.Overview,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Quay", summary.Overview, StringComparison.Ordinal);
        Assert.DoesNotContain("07700", summary.Overview, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dose_that_sources_disagree_about_is_told_at_both_and_by_itself_with_who_states_what()
    {
        var summary = ReadSummary.Of(Dose(Dorset, "one a day"), Dose(Hampshire, "two a day"));
        Assert.Equal([Disagreements, Problems, Allergies, Medicines], summary.SectionCodes);
        Assert.Equal(["contested"], summary.Codes(Disagreements));
        Assert.Contains("|Metformin|Sources disagree (dosage). Hampshire CHIE: two a day; active; ordered 1 Jan 2026.|one a day|active|", summary.Words(Medicines), StringComparison.Ordinal);
        Assert.Contains("|Metformin|Sources disagree (dosage). Dorset Care Record: one a day; active; ordered 1 Jan 2026.|two a day|active|", summary.Words(Medicines), StringComparison.Ordinal);
        Assert.Equal(
            "Where sources disagree|About|What|Who states what|Metformin|dosage|Dorset Care Record: one a day; active; ordered 1 Jan 2026. Hampshire CHIE: two a day; active; ordered 1 Jan 2026.",
            summary.Words(Disagreements));

        static Fragment Dose(string source, string dose) => Of(
            source, "MedicationRequest", "1", 1, $"'status':'active','medicationCodeableConcept':{{'coding':[{{'system':'s','code':'1'}}],'text':'Metformin'}},{Subject},'authoredOn':'2026-01-01','dosageInstruction':[{{'text':'{dose}'}}]");
    }

    [Fact]
    public void A_problem_that_another_source_says_is_over_is_listed_and_says_so()
    {
        var summary = ReadSummary.Of(Asthma(Dorset, "active"), Asthma(Hampshire, "resolved"));
        Assert.Equal("active", Assert.Single(summary.Section(Problems)).GetProperty("clinicalStatus").GetProperty("coding")[0].GetProperty("code").GetString());
        Assert.Contains("Asthma|Sources disagree (clinical status). Hampshire CHIE: resolved; 2 May 2020.|active|2 May 2020|Dorset Care Record (1 Jan 2025)", summary.Words(Problems), StringComparison.Ordinal);
        // Both sides come along with the note that ties them.
        Assert.Equal(2, summary.Resources.Count(r => r.GetProperty("resourceType").GetString() == "Condition"));

        static Fragment Asthma(string source, string status) => Of(
            source, "Condition", "1", 1, $"'clinicalStatus':{{'coding':[{{'code':'{status}'}}],'text':'{status}'}},'code':{{'coding':[{{'system':'s','code':'1','display':'Asthma'}}]}},{Subject},'onsetDateTime':'2020-05-02'");
    }

    [Fact]
    public void That_another_source_says_not_to_give_a_medicine_is_told_where_it_is_listed()
    {
        var summary = ReadSummary.Of(Metformin(Dorset, ""), Metformin(Hampshire, "'doNotPerform':true,"));
        Assert.Equal(["1"], summary.Codes(Medicines));
        Assert.Contains("Hampshire CHIE: NOT to be given, active;", summary.Words(Medicines), StringComparison.Ordinal);

        static Fragment Metformin(string source, string more) => Of(
            source, "MedicationRequest", "1", 1, $"{more}'status':'active','medicationCodeableConcept':{{'coding':[{{'system':'s','code':'1'}}],'text':'Metformin'}},{Subject},'authoredOn':'2026-01-01'");
    }

    [Theory]
    [InlineData("{'text':'Sore throat','coding':[{'display':'Pharyngitis'}]}", "Sore throat")]
    [InlineData("{'coding':[{'code':'1'},{'display':'Pharyngitis'},{'display':'Sore throat','userSelected':true}]}", "Sore throat")]
    [InlineData("{'coding':[{'system':'http://read.info/readv2','code':'H02..'}]}", "Read v2 H02..")]
    [InlineData("{'coding':[{'system':'https://example.org/codes','code':'7'}]}", "https://example.org/codes 7")]
    [InlineData("{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]}", "active")]
    [InlineData("{'extension':[{'url':'e'}]}", "A problem without a name")]
    public void A_concept_is_told_by_its_words_or_by_what_a_coding_displays_or_by_a_code_and_its_system(string concept, string told) => Assert.Contains(
        $"|{told}|status not stated|", ReadSummary.Of(Of(Dorset, "Condition", "1", 1, $"'code':{concept},{Subject}")).Words(Problems), StringComparison.Ordinal);

    [Fact]
    public void A_disagreement_about_what_is_not_listed_is_left_to_the_record()
    {
        var summary = ReadSummary.Of(Sodium(Dorset, "140"), Sodium(Hampshire, "120"));
        Assert.Equal([Problems, Allergies, Medicines], summary.SectionCodes);

        static Fragment Sodium(string source, string value) => Of(
            source, "Observation", "1", 1, $"'status':'final',{Coded("1")},{Subject},'effectiveDateTime':'2019-05-02T10:00:00Z','valueQuantity':{{'value':{value},'unit':'mmol/L'}}");
    }

    [Fact]
    public void What_one_has_withdrawn_and_another_still_states_is_told()
    {
        var diary = Diary.Of(Nuts(Dorset), Nuts(Hampshire));
        diary.Push(Gone(Hampshire, "AllergyIntolerance", "1", 2));
        var summary = ReadSummary.Of(diary.Record);
        Assert.Contains("|Nuts|Withdrawn by Hampshire CHIE.|status not stated|", summary.Words(Allergies), StringComparison.Ordinal);
        Assert.Contains("Withdrawn by Hampshire CHIE, still stated by Dorset Care Record.", summary.Words(Disagreements), StringComparison.Ordinal);

        static Fragment Nuts(string source) => Of(source, "AllergyIntolerance", "1", 1, $"{Identified("1")},'code':{{'text':'Nuts'}},'patient':{{'reference':'Patient/1'}}");
    }

    [Fact]
    public void What_may_be_one_thing_twice_is_marked_with_the_other()
    {
        // A month fits both days.
        var summary = ReadSummary.Of(Pulse(Dorset, "1", "2026-01-02"), Pulse(Dorset, "2", "2026-01-20"), Pulse(Hampshire, "1", "2026-01"));
        Assert.Contains("May be the same as another entry: Pulse (Hampshire CHIE (1 Jan 2025)).|", summary.Words(Results), StringComparison.Ordinal);

        static Fragment Pulse(string source, string id, string date) => Of(
            source, "Observation", id, 1, $"'status':'final','code':{{'coding':[{{'system':'s','code':'1'}}],'text':'Pulse'}},{Subject},'effectiveDateTime':'{date}','valueInteger':70");
    }

    [Fact]
    public void Demographics_that_differ_are_told_by_source_and_of_what_is_withheld_only_that_it_is()
    {
        var summary = ReadSummary.Of(
            Of(Dorset, "Patient", "1", 1, "'birthDate':'1980-02-03','name':[{'family':'Smith','given':['Ann']}]"),
            Of(Hampshire, "Patient", "1", 1, "'birthDate':'1980-03-02','name':[{'family':'Smith','given':['Ann']}]"),
            Of(Wight, "Patient", "1", 1, "'birthDate':'1955-07-08','name':[{'family':'Zuckerberg','given':['Bob']}]"));
        Assert.Contains("The person|birth date|Dorset Care Record: birth date 3 Feb 1980. Hampshire CHIE: birth date 2 Mar 1980.", summary.Words(Disagreements), StringComparison.Ordinal);
        Assert.Contains("Withheld, since date of birth and name contradict: what Isle of Wight files under this NHS number as another Patient.", summary.Words(Disagreements), StringComparison.Ordinal);
        Assert.DoesNotContain("Zuckerberg", Text(summary.Bytes), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("1955", Text(summary.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_notice_is_told_in_the_head() => Assert.Contains(
        "Take note:|Hampshire CHIE: The record could not be compared",
        ReadSummary.Of(Diary.Of(Of(Dorset, "Patient", "1", 1)).Record, notices: [new Issue(IssueCodes.Unconfirmed, Source: Hampshire)]).Overview,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("'valueQuantity':{'value':70.10,'unit':'kg'}", "70.10 kg")]
    [InlineData("'valueQuantity':{'value':5,'comparator':'<','code':'mg'}", "<5 mg")]
    [InlineData("'valueBoolean':false", "no")]
    [InlineData("'valueInteger':0", "0")]
    [InlineData("'valueString':'a  b'", "a  b")]
    [InlineData("'valueCodeableConcept':{'coding':[{'system':'http://snomed.info/sct','code':'1'}]}", "SNOMED CT 1")]
    [InlineData("'valueRange':{'low':{'value':1},'high':{'value':2,'unit':'h'}}", "1 to 2 h")]
    [InlineData("'valueRatio':{'numerator':{'value':1},'denominator':{'value':128}}", "1 / 128")]
    [InlineData("'valuePeriod':{'start':'2026-01-01'}", "from 1 Jan 2026")]
    [InlineData("'valueDateTime':'2025-07-01T09:30:00+01:00'", "1 Jul 2025, 09:30")]
    [InlineData("'dataAbsentReason':{'text':'Sample clotted'}", "no value: Sample clotted")]
    [InlineData("'component':[{'code':{'text':'Systolic'},'valueQuantity':{'value':120,'unit':'mm[Hg]'}},{'code':{'text':'Diastolic'},'dataAbsentReason':{'text':'?'}}]", "Systolic 120 mm[Hg]; Diastolic no value: ?")]
    public void A_value_is_told_with_the_digits_and_the_unit_that_were_sent(string value, string told) => Assert.Contains(
        $"|Test|Result|Reference range|When|Status|Stated by|Pulse|{told}|",
        ReadSummary.Of(Of(Dorset, "Observation", "1", null, $"'status':'final','code':{{'text':'Pulse'}},{Subject},{value}")).Words(Results),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{'text':'one a day','patientInstruction':'with food'}", "one a day, with food")]
    [InlineData("{'doseAndRate':[{'doseQuantity':{'value':0.5,'unit':'mg'}}],'timing':{'repeat':{'frequency':2,'period':1,'periodUnit':'d'}},'asNeededBoolean':true,'route':{'text':'oral'}}", "0.5 mg, 2 every 1 d, as needed, oral")]
    [InlineData("{'timing':{'code':{'text':'BID'}},'asNeededCodeableConcept':{'text':'pain'}},{'text':'then stop'}", "BID, as needed for pain; then stop")]
    public void A_dose_is_told_in_its_words_or_its_parts(string dosage, string told) => Assert.Contains(
        $"|A medicine without a name|{told}|active|",
        ReadSummary.Of(Of(Dorset, "MedicationStatement", "1", 1, $"'status':'active',{Subject},'dosage':[{dosage}]")).Words(Medicines),
        StringComparison.Ordinal);

    [Fact]
    public void Whatever_text_is_sent_stays_text() => Gen.String[Gen.OneOf(Gen.Char, Gen.OneOf('<', '>', '&', '"', '\'', '\\', '\u0001', '\ufffe', '\t', 'é')), 1, 20].Sample(text =>
    {
        var json = System.Text.Json.JsonSerializer.Serialize(text.Replace('\'', '`'));
        var sound = text.EnumerateRunes().All(r => r.Value != 0xFFFD);
        var record = Diary.Of(Of(Dorset, "Condition", "1", 1, $"'code':{{'text':{json}}},{Subject}")).Record;
        var page = System.Text.Encoding.UTF8.GetString(SummaryPage.Write(record, Wessex, Now));
        var words = ReadSummary.Of(record).Words(Problems);
        Assert.StartsWith("Active problems|Problem|Status|Since|Stated by|", words, StringComparison.Ordinal);
        Assert.Empty(Markup().Matches(page).Select(m => m.Groups[1].Value).Except(["html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "nav", "main", "section", "table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "p", "a", "strong", "br"]));
        if (sound && text.All(c => c >= ' ' && c < '\ufffe' && c != '\u007f' && c is not ('\'' or '|') && !char.IsWhiteSpace(c)))
            Assert.Contains($"|{text}|status not stated|", words, StringComparison.Ordinal);
    }, iter: 200);

    [Fact]
    public void The_page_is_one_piece_with_headings_for_its_sections_and_headers_for_its_tables()
    {
        var record = Diary.Of(Of(Dorset, "Patient", "1", 1, "'name':[{'family':'Smith'}]"), Of(Dorset, "Condition", "1", 1, $"'code':{{'text':'Asthma'}},{Subject}")).Record;
        var text = System.Text.Encoding.UTF8.GetString(SummaryPage.Write(record, Wessex, Now));
        Assert.StartsWith("<!DOCTYPE html>", text, StringComparison.Ordinal);
        var page = XElement.Parse(text["<!DOCTYPE html>".Length..]);
        Assert.Equal("en-GB", page.Attribute("lang")!.Value);
        // Its title stands in a browser's history.
        Assert.Equal("Patient summary", Assert.Single(page.Descendants("title")).Value);
        Assert.Single(page.Descendants("h1"));
        Assert.Equal(["Problems", "Allergies and intolerances", "Medicines"], page.Descendants("h2").Select(h => h.Value));
        Assert.All(page.Descendants("section"), s => Assert.Equal(s.Attribute("aria-labelledby")!.Value, s.Element("h2")!.Attribute("id")!.Value));
        Assert.Equal(page.Descendants("a").Select(a => a.Attribute("href")!.Value), page.Descendants("h2").Select(h => $"#{h.Attribute("id")!.Value}"));
        Assert.All(page.Descendants("table"), t => Assert.NotEmpty(t.Element("caption")!.Value));
        Assert.All(page.Descendants("th"), h => Assert.Contains(h.Attribute("scope")!.Value, new[] { "row", "col" }));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "img" or "link" or "form" or "iframe");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        var style = System.Text.Encoding.UTF8.GetBytes(page.Descendants("style").Single().Value);
        Assert.Contains($"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(style))}'", SummaryPage.ContentSecurityPolicy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_says_what_the_document_says() => ClinicalSets.Declared.Sample(set =>
    {
        var record = Diary.Of(set).Record;
        var (document, page) = (ReadSummary.Of(record, now: Day(30)), System.Text.Encoding.UTF8.GetString(SummaryPage.Write(record, Wessex, Day(30))));
        Assert.All(
            document.Composition.GetProperty("section").EnumerateArray().Append(document.Composition),
            s => Assert.Contains(Inside().Match(s.GetProperty("text").GetProperty("div").GetString()!).Groups[1].Value, page, StringComparison.Ordinal));
    }, iter: 50);

    [GeneratedRegex("</?([A-Za-z][A-Za-z0-9]*)")]
    private static partial Regex Markup();

    [GeneratedRegex("^<div [^>]*>(.*)</div>$", RegexOptions.Singleline)]
    private static partial Regex Inside();
}

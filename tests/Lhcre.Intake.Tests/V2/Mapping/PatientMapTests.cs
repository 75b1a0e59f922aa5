namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>PID, PD1 and NK1 → Patient, row by row of the tables in <c>v2-to-fhir-mappings/segments</c>.</summary>
public class PatientMapTests
{
    private const string Mrn = "|1||633^^^R0A^MR";

    /// <summary>The row, the PID behind <c>PID</c> or another segment, where to look, and what is there.</summary>
    public static TheoryData<string, string, string, string> Rows() => new()
    {
        { "PID-2", "PID||77^^^R0A|633^^^R0A^MR", "Patient.identifier[1].value", "77" },
        { "PID-3", $"PID{Mrn}", "Patient.identifier[0].value", "633" },
        { "PID-3", $"PID{Mrn}", "Patient.identifier[0].system", "https://fhir.wessexcarerecords.org.uk/Id/dorset/R0A" },
        { "PID-3", $"PID{Mrn}", "Patient.identifier[0].type.coding[0].code", "MR" },
        { "PID-3", "PID|||633^^^R0A&2.16.840.1.113883.2.1.3.1&ISO^MR", "Patient.identifier[0].system", "urn:oid:2.16.840.1.113883.2.1.3.1" },
        { "PID-3", "PID|||633^^^https://trust.example/Id/mrn^MR", "Patient.identifier[0].system", "https://trust.example/Id/mrn" },
        { "PID-3", "PID|||633^^^My Trust^MR", "Patient.identifier[0].system", "https://fhir.wessexcarerecords.org.uk/Id/dorset/My%20Trust" },
        { "PID-3", "PID|||633^^^^MR^RHM", "Patient.identifier[0].system", "https://fhir.wessexcarerecords.org.uk/Id/dorset/RHM" },
        { "PID-3", "PID|||633", "Patient.identifier[0].system", "https://fhir.wessexcarerecords.org.uk/Id/dorset/RCB" },
        { "PID-3", "PID|||633^^^R0A^MR^^20200101^20251231", "Patient.identifier[0].period", """{"start":"2020-01-01","end":"2025-12-31"}""" },
        { "PID-4", "PID|||633^^^R0A^MR|88^^^R0A^PI", "Patient.identifier[1].value", "88" },
        { "PID-5", $"PID{Mrn}||SMITH^FREDRICA^J^JR^MRS^PhD^L", "Patient.name[0]", """{"use":"official","family":"SMITH","given":["FREDRICA","J"],"prefix":["MRS"],"suffix":["JR","PhD"]}""" },
        { "PID-5", $"PID{Mrn}||SMITH^ANN~JONES^ANN^^^^^M", "Patient.name[1]", """{"use":"maiden","family":"JONES","given":["ANN"]}""" },
        { "PID-5", $"PID{Mrn}||SMITH^ANN^^^^^L^^^^^^^^Nan", "Patient.name[1]", """{"use":"nickname","given":["Nan"]}""" },
        { "PID-6", $"PID{Mrn}||A|SCHMIDT^HELGAR", "Patient.extension[0]", """{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"HELGAR SCHMIDT"}""" },
        { "PID-7", $"PID{Mrn}||A||19651213", "Patient.birthDate", "1965-12-13" },
        { "PID-7", $"PID{Mrn}||A||196512131515", "Patient._birthDate.extension[0].valueDateTime", "1965-12-13T15:15:00+00:00" },
        { "PID-8", $"PID{Mrn}||A|||F", "Patient.gender", "female" },
        { "PID-8", $"PID{Mrn}||A|||A", "Patient.gender", "other" },
        { "PID-8 in England", $"PID{Mrn}||A|||2", "Patient.gender", "female" },
        { "PID-9", $"PID{Mrn}||A||||B^C", "Patient.name[1].family", "B" },
        { "PID-11", $"PID{Mrn}||A||||||29 WEST AVENUE^BURYTHORPE^MALTON^NORTH YORKSHIRE^YO32 5TT^GBR^H", "Patient.address[0]",
            """{"line":["29 WEST AVENUE","BURYTHORPE"],"city":"MALTON","state":"NORTH YORKSHIRE","postalCode":"YO32 5TT","country":"GBR","use":"home"}""" },
        { "PID-12", $"PID{Mrn}||A||||||1 A St|Dorset", "Patient.address[0].district", "Dorset" },
        { "PID-12", $"PID{Mrn}||A||||||1 A St~2 B St|Dorset", "Patient.address[2]", """{"district":"Dorset"}""" },
        { "PID-13", $"PID{Mrn}||A||||||||+441234567890", "Patient.telecom[0]", """{"system":"phone","value":"+441234567890","use":"home"}""" },
        { "PID-13", $"PID{Mrn}||A||||||||^NET^Internet^a@b.example", "Patient.telecom[0]", """{"system":"email","value":"a@b.example","use":"home"}""" },
        { "PID-13", $"PID{Mrn}||A||||||||^PRS^CP^^44^1202^123456^7", "Patient.telecom[0]", """{"system":"phone","value":"+44 1202 123456 X7","use":"mobile"}""" },
        { "PID-14", $"PID{Mrn}||A|||||||||01202 123456", "Patient.telecom[0].use", "work" },
        { "PID-15", $"PID{Mrn}||A||||||||||EN", "Patient.communication[0].language.coding[0]", """{"system":"urn:ietf:bcp:47","code":"en"}""" },
        { "PID-16", $"PID{Mrn}||A|||||||||||M", "Patient.maritalStatus.coding[0]", """{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}""" },
        { "PID-16 in England", $"PID{Mrn}||A|||||||||||P", "Patient.maritalStatus.coding", """[{"code":"P"}]""" },
        { "PID-17", $"PID{Mrn}||A||||||||||||C22", "Patient.extension[0].url", "http://hl7.org/fhir/StructureDefinition/patient-religion" },
        { "PID-22", $"PID{Mrn}||A|||||||||||||||||A", "Patient.extension[0].valueCodeableConcept.coding[0].system", "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland" },
        { "PID-23", $"PID{Mrn}||A||||||||||||||||||Berlin", "Patient.extension[0].valueAddress.text", "Berlin" },
        { "PID-24", $"PID{Mrn}||A|||||||||||||||||||Y", "Patient.multipleBirthBoolean", "true" },
        { "PID-25", $"PID{Mrn}||A|||||||||||||||||||Y|2", "Patient.multipleBirthInteger", "2" },
        { "PID-26", $"PID{Mrn}||A|||||||||||||||||||||GBR", "Patient.extension[0].extension[0].valueCodeableConcept.coding[0].code", "GBR" },
        { "PID-29", $"PID{Mrn}||A||||||||||||||||||||||||202607011000", "Patient.deceasedDateTime", "2026-07-01T10:00:00+01:00" },
        { "PID-30", $"PID{Mrn}||A|||||||||||||||||||||||||N", "Patient.deceasedBoolean", "false" },
        { "PID-40", $"PID{Mrn}||A{new string('|', 35)}^^PH^^^^5551234", "Patient.telecom[0].value", "5551234" },
        { "PD1-3", "PD1|||MALTON GP PRACTICE^^Y06601", "Organization.identifier[0]", """{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y06601"}""" },
        { "PD1-3", "PD1|||MALTON GP PRACTICE^^Y06601", "Patient.generalPractitioner[0].display", "MALTON GP PRACTICE" },
        { "PD1-4", "PD1||||G5612908^Townley^Gregory^^^Dr^^^GMP", "Practitioner.identifier[0]", """{"system":"https://fhir.hl7.org.uk/Id/gmp-number","value":"G5612908"}""" },
        { "PD1-4", "PD1||||G5612908^Townley^Gregory^^^Dr^^^GMP", "Practitioner.name[0]", """{"family":"Townley","given":["Gregory"],"prefix":["Dr"]}""" },
        { "PD1-4", "PD1||||^Townley", "Patient.generalPractitioner[0]", """{"display":"Townley"}""" },
        { "PD1-12", "PD1||||||||||||Y", "Patient.meta.security[0].code", "R" },
        { "PD1-12", "PD1||||||||||||N", "Patient.meta.security", "" },
        { "NK1-2", "NK1|1|SMITH^ALBERT^J^^MR^^L", "Patient.contact[0].name.family", "SMITH" },
        { "NK1-3", "NK1|1|A|SPO^Spouse^HL70063", "Patient.contact[0].relationship[0].coding[0].code", "SPS" },
        { "NK1-3", "NK1|1|A|SPO^Spouse^HL70063", "Patient.contact[0].relationship[0].coding[1].system", "http://terminology.hl7.org/CodeSystem/v2-0063" },
        { "NK1-4", "NK1|1|A||1 A St", "Patient.contact[0].address.line[0]", "1 A St" },
        { "NK1-5", "NK1|1|A|||123", "Patient.contact[0].telecom[0]", """{"system":"phone","value":"123"}""" },
        { "NK1-6", "NK1|1|A||||123", "Patient.contact[0].telecom[0].use", "work" },
        { "NK1-7", "NK1|1|A|||||N", "Patient.contact[0].relationship[0].coding[0].code", "N" },
        { "NK1-8", "NK1|1|A||||||20200101|20210101", "Patient.contact[0].period.end", "2021-01-01" },
        { "NK1-13", "NK1|1|A||||||||||B Ltd", "Patient.contact[0].organization", "" },
        { "NK1-13", "NK1|1|A|||||||||||B Ltd", "Patient.contact[0].organization.display", "B Ltd" },
        { "NK1-15", "NK1|1|A|||||||||||||1", "Patient.contact[0].gender", "male" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_of_the_segment_tables_is_followed(string row, string segment, string path, string expected)
    {
        var mapped = segment.StartsWith("PID", StringComparison.Ordinal) ? Mapped.Of("ADT^A28", segment) : Mapped.Of("ADT^A28", $"PID{Mrn}", segment);

        Assert.True(expected == mapped.At(path), $"{row}: {mapped.At(path)}");
    }
}

namespace Lhcre.Intake.Tests.Door;

/// <summary>Valid resources that between them have what the door treats each in its own way.</summary>
internal static class DoorSeeds
{
    public static readonly string[] All =
    [
        """
        {"resourceType":"Patient","id":"p","meta":{"versionId":"3","lastUpdated":"2026-01-02T03:04:05.678+01:00","profile":["http://example.org/p|1.0"],"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Ann &amp; co</p><table class=\"grid\"><thead><tr><th colspan=\"2\">x</th></tr></thead><tbody><tr><td>1</td><td style=\"a:b\">2<br/></td></tr></tbody></table><ul><li>one</li></ul></div>"},
        "contained":[{"resourceType":"Organization","id":"gp","name":"Surgery"}],
        "extension":[{"url":"http://example.org/e","extension":[{"url":"a","valueCode":"b"},{"url":"c","valueQuantity":{"value":1.5,"comparator":"<"}}]}],
        "identifier":[{"use":"official","system":"urn:oid:1.2.3","value":"x","assigner":{"reference":"#gp","_display":{"extension":[{"url":"http://e","valueBoolean":true}]}}}],
        "active":true,"name":[{"family":"Bell","given":["Ann","M\u00e9lanie",null],"_given":[null,{"id":"g2"},{"extension":[{"url":"http://e","valueString":"x"}]}]}],
        "birthDate":"1980-02-29","_birthDate":{"extension":[{"url":"http://example.org/t","valueDateTime":"1980-02-29T10:00:00Z"}]},"gender":"female",
        "deceasedBoolean":false,"multipleBirthInteger":2,"address":[{"line":["1 High Street"],"period":{"start":"2020"}}],"generalPractitioner":[{"reference":"#gp"}],"photo":[{"contentType":"image/png","data":"QUJD","size":3,"url":"Binary/b","hash":"QQ=="}]}
        """,
        """
        {"resourceType":"Observation","id":"o","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","userSelected":true}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}],"text":"Blood pressure"},"subject":{"reference":"Patient/p","type":"Patient"},"effectiveDateTime":"2026-01-02T03:04:05Z","_effectiveDateTime":{"id":"e"},"issued":"2026-01-02T03:04:05.1Z",
        "valueString":"x","_valueString":{"id":"v"},"component":[{"code":{"text":"systolic"},"valueQuantity":{"value":120.0,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"text":"diastolic"},"valueInteger":0},{"code":{"text":"t"},"valueTime":"10:00:00"},
        {"code":{"text":"s"},"valueSampledData":{"origin":{"value":0},"period":10,"dimensions":1,"data":"1 2"}}],"referenceRange":[{"low":{"value":1e2},"text":"x"}]}
        """,
        """
        {"id":"m","resourceType":"MedicationRequest","status":"active","intent":"order","medicationReference":{"reference":"Medication/x"},"subject":{"reference":"Patient/p","identifier":{"value":"1"}},
        "authoredOn":"2026-01","dosageInstruction":[{"timing":{"event":["2020-01-01T00:00:00Z"],"repeat":{"frequency":1,"period":1,"periodUnit":"d","boundsPeriod":{"start":"2026-01-01"},"timeOfDay":["10:00:00","11:00:00"],"dayOfWeek":["mon"],"when":["MORN"]}},"asNeededBoolean":true,"doseAndRate":[{"doseQuantity":{"value":5}}]}]}
        """,
        """{"resourceType":"Bundle","type":"collection","timestamp":"2020-01-01T00:00:00Z","entry":[{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{"resourceType":"Binary","contentType":"text/plain","data":"QQ=="}},{"fullUrl":"http://x.org/Basic/1","resource":{"resourceType":"Basic","id":"1","code":{"text":"x"}}}],"link":[{"relation":"self","url":"http://x"}]}""",
        """{"resourceType":"Parameters","parameter":[{"name":"a","valueAnnotation":{"text":"x"}},{"name":"b","resource":{"resourceType":"Patient","id":"x","contained":[{"resourceType":"Organization","name":"o"}]}},{"name":"c","part":[{"name":"d","valueOid":"urn:oid:1.2"},{"name":"e","valueUuid":"urn:uuid:00000000-0000-4000-8000-000000000001"},{"name":"f","valueUrl":"http://x"},{"name":"g","valueCanonical":"http://x/y|1"},{"name":"h","valuePositiveInt":1},{"name":"i","valueUnsignedInt":0},{"name":"j","valueMarkdown":"x"},{"name":"k","valueBase64Binary":"QQ=="},{"name":"l","valueId":"x"},{"name":"m","valueInstant":"2020-01-01T00:00:00Z"},{"name":"n","valueDate":"2020"},{"name":"o","valueDecimal":1.0},{"name":"p","valueAge":{"value":1}}]}]}""",
        """{"resourceType":"Condition","id":"c","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"text":"x"},"subject":{"reference":"Patient/p"},"onsetAge":{"value":5,"unit":"a","system":"http://unitsofmeasure.org","code":"a"},"abatementString":"x","_abatementString":{"id":"q"},"note":[{"authorString":"me","time":"2020","text":"x"}]}""",
        """{"resourceType":"Questionnaire","status":"draft","subjectType":["Patient"],"_subjectType":[{"id":"t"}],"item":[{"linkId":"1","type":"group","item":[{"linkId":"1.1","type":"choice","answerOption":[{"valueCoding":{"code":"a"}},{"valueInteger":1}],"enableWhen":[{"question":"1","operator":"=","answerBoolean":true}],"initial":[{"valueDate":"2020-01-01"}]}]}]}""",
        """{"resourceType":"DocumentReference","id":"d","status":"current","subject":{"reference":"Patient?identifier=urn:x|1"},"content":[{"attachment":{"contentType":"text/plain","url":"Binary/b","hash":"QQ=="}}]}""",
        """{"resourceType":"Appointment","id":"a","status":"booked","minutesDuration":5,"priority":0,"participant":[{"actor":{"reference":"Patient/p"},"status":"accepted"},{"required":"required","_required":{"extension":[{"url":"http://e","valueInteger":1}]},"type":[{"text":"x"}],"status":"accepted"}]}""",
    ];

    public static IEnumerable<byte[]> Bytes() => All.Select(s => Push.Bytes(s));
}

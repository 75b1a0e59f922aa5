namespace Lhcre.Record.Tests.Restricting;

/// <summary>What is left of a resource where nobody may be told where the person is.</summary>
public sealed class RedactionTests
{
    [Theory]
    // Patient: by what is shown, since there is no end of what else it may have.
    [InlineData("Patient", "'address':[{'line':['hidden']}],'telecom':[{'value':'hidden'}],'contact':[{'name':{'family':'hidden'}}],'photo':[{'data':'hidden'}]", "")]
    [InlineData("Patient", "'generalPractitioner':[{'display':'hidden'}],'managingOrganization':{'display':'hidden'},'link':[{'type':'seealso','other':{'reference':'Patient/hidden'}}]", "")]
    [InlineData("Patient", "'name':[{'family':'Śmith','given':['Ann']}],'gender':'female','birthDate':'1970'", "'name':[{'family':'Śmith','given':['Ann']}],'gender':'female','birthDate':'1970'")]
    [InlineData("Patient", "'text':{'status':'generated','div':'<div>hidden</div>'},'active':true", "'active':true")]
    // Identifiers: the NHS number alone.
    [InlineData("Patient", "'identifier':[{'system':'https://hidden/mrn','value':'1'},{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018','assigner':{'display':'hidden'}}]", "'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}]")]
    [InlineData("Observation", "'identifier':[{'system':'https://hidden/result','value':'1'}],'status':'final'", "'status':'final'")]
    // References to places and people, by the name of the element, by the type that they lead to, at whatever depth.
    [InlineData("Encounter", "'serviceProvider':{'display':'hidden'},'location':[{'location':{'display':'hidden'}}],'participant':[{'individual':{'display':'hidden'}}],'status':'finished'", "'status':'finished'")]
    [InlineData("Encounter", "'hospitalization':{'origin':{'display':'hidden'},'destination':{'display':'hidden'},'reAdmission':{'text':'yes'}}", "'hospitalization':{'reAdmission':{'text':'yes'}}")]
    [InlineData("Observation", "'performer':[{'reference':'Practitioner/hidden'}],'focus':[{'reference':'Location/hidden'},{'reference':'Condition/c'}]", "'focus':[{'reference':'Condition/c'}]")]
    [InlineData("Observation", "'subject':{'reference':'Patient/p','display':'hidden','identifier':{'value':'hidden'}}", "'subject':{'reference':'Patient/p'}")]
    [InlineData("Observation", "'subject':{'display':'hidden','identifier':{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}}", "'subject':{'identifier':{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9990000018'}}")]
    [InlineData("BodyStructure", "'image':[{'url':'hidden'}],'active':true", "'active':true")]
    [InlineData("Observation", "'focus':[{'reference':'https://hidden.example/Condition/c'}],'device':{'type':'Organization','display':'hidden'},'status':'final'", "'status':'final'")]
    [InlineData("Procedure", "'performer':[{'actor':{'display':'hidden'}}],'recorder':{'display':'hidden'},'asserter':{'display':'hidden'},'note':[{'authorString':'hidden','authorReference':{'display':'hidden'},'text':'went well'}]", "'note':[{'text':'went well'}]")]
    [InlineData("MedicationRequest", "'requester':{'display':'hidden'},'dispenseRequest':{'performer':{'display':'hidden'},'quantity':{'value':28.0}}", "'dispenseRequest':{'quantity':{'value':28.0}}")]
    [InlineData("Immunization", "'manufacturer':{'display':'hidden'},'location':{'display':'hidden'},'lotNumber':'L1'", "'lotNumber':'L1'")]
    [InlineData("Device", "'manufacturer':'Maker','owner':{'display':'hidden'},'contact':[{'value':'hidden'}],'url':'https://hidden.example'", "'manufacturer':'Maker'")]
    [InlineData("Observation", "'valueSampledData':{'origin':{'value':0},'period':10,'dimensions':1,'data':'1 2'}", "'valueSampledData':{'origin':{'value':0},'period':10,'dimensions':1,'data':'1 2'}")]
    // Documents: that there is one.
    [InlineData("DocumentReference", "'description':'hidden','author':[{'display':'hidden'}],'custodian':{'display':'hidden'},'content':[{'attachment':{'contentType':'text/plain','data':'aGlkZGVu','url':'Binary/hidden','title':'hidden'}}]", "'content':[{'attachment':{'contentType':'text/plain'}}]")]
    [InlineData("DiagnosticReport", "'presentedForm':[{'data':'hidden'}],'conclusion':'normal'", "'conclusion':'normal'")]
    // Addresses and code systems of somebody.
    [InlineData("Condition", "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1'},{'system':'https://hidden.example/codes','code':'A','display':'Asthma'}],'text':'Asthma'}", "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1'},{'code':'A','display':'Asthma'}],'text':'Asthma'}")]
    [InlineData("Encounter", "'type':[{'coding':[{'system':'https://fhir.nhs.uk/Id/ods-organization-code','code':'hidden'}]}],'status':'finished'", "'status':'finished'")]
    [InlineData("Condition", "'implicitRules':'urn:oid:1.2.3.hidden','meta':{'source':'https://hidden.example','profile':['https://hidden.example/p','https://fhir.hl7.org.uk/StructureDefinition/UKCore-Condition'],'tag':[{'code':'hidden'}],'versionId':'3'}", "'meta':{'profile':['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Condition'],'versionId':'3'}")]
    // Extensions: of public kinds, with values that say no place.
    [InlineData("Condition", "'extension':[{'url':'https://hidden.example/e','valueCode':'a'},{'url':'http://hl7.org/fhir/e','valueString':'hidden'},{'url':'http://hl7.org/fhir/e','valueAddress':{'city':'hidden'}},{'url':'http://hl7.org/fhir/e','valueReference':{'display':'hidden'}},{'url':'http://hl7.org/fhir/e','valueCode':'a'}]", "'extension':[{'url':'http://hl7.org/fhir/e','valueCode':'a'}]")]
    [InlineData("Condition", "'extension':[{'url':'http://hl7.org/fhir/e','extension':[{'url':'a','valueString':'hidden'},{'url':'b','valueBoolean':false}]}]", "'extension':[{'url':'http://hl7.org/fhir/e','extension':[{'url':'b','valueBoolean':false}]}]")]
    [InlineData("Condition", "'modifierExtension':[{'url':'https://hidden.example/m','valueBoolean':true}]", "'modifierExtension':[{'url':'https://fhir.wessexcarerecords.org.uk/StructureDefinition/withheld-modifier','extension':[{'url':'http://hl7.org/fhir/StructureDefinition/data-absent-reason','valueCode':'masked'}]}]")]
    [InlineData("Condition", "'meta':{'extension':[{'url':'https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor','extension':[{'url':'source','valueCode':'hidden'}]},{'url':'https://fhir.wessexcarerecords.org.uk/StructureDefinition/possible-duplicate','valueReference':{'reference':'Condition/c'}}]}", "'meta':{'extension':[{'url':'https://fhir.wessexcarerecords.org.uk/StructureDefinition/possible-duplicate','valueReference':{'reference':'Condition/c'}}]}")]
    // What is contained is a resource like any other; what leads to what is hidden goes with it.
    [InlineData("MedicationRequest", "'contained':[{'resourceType':'Organization','id':'o','name':'hidden'},{'resourceType':'Medication','id':'m','manufacturer':{'display':'hidden'},'status':'active'}],'medicationReference':{'reference':'#m'},'reasonReference':[{'reference':'#o'}]", "'contained':[{'resourceType':'Medication','id':'m','status':'active'}],'medicationReference':{'reference':'#m'}")]
    // Primitive values and their siblings keep their places; numbers keep their digits.
    [InlineData("Patient", "'name':[{'given':['Ann',null],'_given':[null,{'extension':[{'url':'http://hl7.org/fhir/e','valueCode':'a'}]}]}]", "'name':[{'given':['Ann',null],'_given':[null,{'extension':[{'url':'http://hl7.org/fhir/e','valueCode':'a'}]}]}]")]
    [InlineData("Observation", "'valueQuantity':{'value':70.10,'system':'http://unitsofmeasure.org','code':'kg'},'valueBoolean':false", "'valueQuantity':{'value':70.10,'system':'http://unitsofmeasure.org','code':'kg'},'valueBoolean':false")]
    public void What_tells_where_is_left_out_and_nothing_else(string type, string sent, string left)
    {
        var shown = Said.Text(Redaction.Of(Said.Json($"{{'resourceType':'{type}','id':'x',{sent}}}")));

        Assert.Equal($"{{'resourceType':'{type}','id':'x'{(left.Length > 0 ? "," + left : "")}}}".Replace('\'', '"'), shown);
    }

    [Theory]
    [InlineData("http://snomed.info/sct", false)]
    [InlineData("HTTPS://FHIR.HL7.ORG.UK/x", false)]
    [InlineData("http://hl7.org", false)]
    [InlineData("urn:oid:2.16.840.1.113883.6.96", false)]
    [InlineData("urn:ietf:bcp:47", false)]
    [InlineData("Note: see http://example.org", false)]
    [InlineData("tel: to be asked", false)]
    [InlineData("70", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("http://hl7.org.example", true)]
    [InlineData("https://www.dorset.nhs.uk/x", true)]
    [InlineData(" https://example.org:8443", true)]
    [InlineData("http://", true)]
    [InlineData("urn:oid:1.2.3", true)]
    [InlineData("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", true)]
    [InlineData("mailto:ann@example.org", true)]
    [InlineData("tel:01234", true)]
    public void An_address_is_somebodys_unless_everybody_uses_it(string? text, bool isForeign) => Assert.Equal(isForeign, PublicAddress.IsForeign(text));

    [Theory]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V", true)]
    [InlineData("http://hl7.org/fhir/v3/Confidentiality", "r", true)]
    [InlineData("urn:oid:2.16.840.1.113883.5.25", "R", true)]
    [InlineData(null, "R", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "REDACTED", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "U", false)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N", false)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActCode", "R", false)]
    public void A_label_restricts(string? system, string code, bool restricts) => Assert.Equal(restricts, Restriction.IsBy(new Coding(system, code)));
}

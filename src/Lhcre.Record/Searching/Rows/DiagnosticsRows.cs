namespace Lhcre.Record.Searching;

/// <summary>Rows of the <see cref="SearchTable"/>. Observations and reports, the specimens and images behind them, documents and questionnaires.</summary>
internal static class DiagnosticsRows
{
    /// <summary>A type a block, as <see cref="SearchTable"/> reads it.</summary>
    public const string Text = """
        Composition
          attester reference attester.party > Organization Patient Practitioner PractitionerRole RelatedPerson
          author reference author > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          category token category
          confidentiality token confidentiality
          context token event.code
          date date date
          encounter reference encounter > Encounter EpisodeOfCare
          entry reference section.entry > *
          identifier token identifier
          patient reference subject(Patient) > Patient
          period date event.period
          related-id token relatesTo.targetIdentifier
          related-ref reference relatesTo.targetReference > Composition
          section token section.code
          status token status
          subject reference subject > *
          title string title
          type token type
        DiagnosticReport
          based-on reference basedOn > CarePlan ImmunizationRecommendation MedicationRequest NutritionOrder ServiceRequest
          category token category
          code token code
          conclusion token conclusionCode
          date date effectiveDateTime effectivePeriod
          encounter reference encounter > Encounter EpisodeOfCare
          identifier token identifier
          issued date issued
          media reference media.link > Media
          patient reference subject(Patient) > Patient
          performer reference performer > CareTeam Organization Practitioner PractitionerRole
          result reference result > Observation
          results-interpreter reference resultsInterpreter > CareTeam Organization Practitioner PractitionerRole
          specimen reference specimen > Specimen
          status token status
          subject reference subject > Device Group Location Patient
        DocumentManifest
          author reference author > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          created date created
          description string description
          identifier token masterIdentifier identifier
          item reference content > *
          patient reference subject(Patient) > Patient
          recipient reference recipient > Organization Patient Practitioner PractitionerRole RelatedPerson
          related-id token related.identifier
          related-ref reference related.ref > *
          source uri source
          status token status
          subject reference subject > Device Group Patient Practitioner
          type token type
        DocumentReference
          authenticator reference authenticator > Organization Practitioner PractitionerRole
          author reference author > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          category token category
          contenttype token content.attachment.contentType
          custodian reference custodian > Organization
          date date date
          description string description
          encounter reference context.encounter > Encounter EpisodeOfCare
          event token context.event
          facility token context.facilityType
          format token content.format
          identifier token masterIdentifier identifier
          language token content.attachment.language
          location uri content.attachment.url
          patient reference subject(Patient) > Patient
          period date context.period
          related reference context.related > *
          relatesto reference relatesTo.target > DocumentReference
          relation token relatesTo.code
          relationship composite relatesto relation
          security-label token securityLabel
          setting token context.practiceSetting
          status token status
          subject reference subject > Device Group Patient Practitioner
          type token type
        ImagingStudy
          basedon reference basedOn > Appointment AppointmentResponse CarePlan ServiceRequest Task
          bodysite token series.bodySite
          dicom-class token series.instance.sopClass
          encounter reference encounter > Encounter
          endpoint reference endpoint series.endpoint > Endpoint
          identifier token identifier
          instance token series.instance.uid
          interpreter reference interpreter > Practitioner PractitionerRole
          modality token series.modality
          patient reference subject(Patient) > Patient
          performer reference series.performer.actor > CareTeam Device Organization Patient Practitioner PractitionerRole RelatedPerson
          reason token reasonCode
          referrer reference referrer > Practitioner PractitionerRole
          series token series.uid
          started date started
          status token status
          subject reference subject > Device Group Patient
        List
          code token code
          date date date
          empty-reason token emptyReason
          encounter reference encounter > Encounter EpisodeOfCare
          identifier token identifier
          item reference entry.item > *
          notes string note.text
          patient reference subject(Patient) > Patient
          source reference source > Device Patient Practitioner PractitionerRole
          status token status
          subject reference subject > Device Group Location Patient
          title string title
        Media
          based-on reference basedOn > CarePlan ServiceRequest
          created date createdDateTime createdPeriod
          device reference device > Device DeviceMetric
          encounter reference encounter > Encounter
          identifier token identifier
          modality token modality
          operator reference operator > CareTeam Device Organization Patient Practitioner PractitionerRole RelatedPerson
          patient reference subject(Patient) > Patient
          site token bodySite
          status token status
          subject reference subject > Device Group Location Patient Practitioner PractitionerRole Specimen
          type token type
          view token view
        MolecularSequence
          chromosome token referenceSeq.chromosome
          identifier token identifier
          patient reference patient > Patient
          referenceseqid token referenceSeq.referenceSeqId
          type token type
          variant-end number variant.end
          variant-start number variant.start
          window-end number referenceSeq.windowEnd
          window-start number referenceSeq.windowStart
        Observation
          based-on reference basedOn > CarePlan DeviceRequest ImmunizationRecommendation MedicationRequest NutritionOrder ServiceRequest
          category token category
          code token code
          code-value-concept composite code value-concept
          code-value-date composite code value-date
          code-value-quantity composite code value-quantity
          code-value-string composite code value-string
          combo-code token code component.code
          combo-code-value-concept composite combo-code combo-value-concept
          combo-code-value-quantity composite combo-code combo-value-quantity
          combo-data-absent-reason token dataAbsentReason component.dataAbsentReason
          combo-value-concept token valueCodeableConcept component.valueCodeableConcept
          combo-value-quantity quantity valueQuantity component.valueQuantity
          component-code token component.code
          component-code-value-concept composite component-code component-value-concept
          component-code-value-quantity composite component-code component-value-quantity
          component-data-absent-reason token component.dataAbsentReason
          component-value-concept token component.valueCodeableConcept
          component-value-quantity quantity component.valueQuantity
          data-absent-reason token dataAbsentReason
          date date effectiveDateTime effectivePeriod effectiveTiming effectiveInstant
          derived-from reference derivedFrom > DocumentReference ImagingStudy Media MolecularSequence Observation QuestionnaireResponse
          device reference device > Device DeviceMetric
          encounter reference encounter > Encounter EpisodeOfCare
          focus reference focus > *
          has-member reference hasMember > MolecularSequence Observation QuestionnaireResponse
          identifier token identifier
          method token method
          part-of reference partOf > ImagingStudy Immunization MedicationAdministration MedicationDispense MedicationStatement Procedure
          patient reference subject(Patient) > Patient
          performer reference performer > CareTeam Organization Patient Practitioner PractitionerRole RelatedPerson
          specimen reference specimen > Specimen
          status token status
          subject reference subject > Device Group Location Patient
          value-concept token valueCodeableConcept
          value-date date valueDateTime valuePeriod
          value-quantity quantity valueQuantity
          value-string string valueString valueCodeableConcept.text
        Provenance
          agent reference agent.who > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          agent-role token agent.role
          agent-type token agent.type
          entity reference entity.what > *
          location reference location > Location
          patient reference target(Patient) > Patient
          recorded date recorded
          signature-type token signature.type
          target reference target > *
          when date occurredDateTime
        Questionnaire
          code token item.code
          context token useContext.valueCodeableConcept
          context-quantity quantity useContext.valueQuantity useContext.valueRange
          context-type token useContext.code
          date date date
          definition uri item.definition
          description string description
          effective date effectivePeriod
          identifier token identifier
          jurisdiction token jurisdiction
          name string name
          publisher string publisher
          status token status
          subject-type token subjectType
          title string title
          url uri url
          version token version
        QuestionnaireResponse
          author reference author > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          authored date authored
          based-on reference basedOn > CarePlan ServiceRequest
          encounter reference encounter > Encounter
          identifier token identifier
          part-of reference partOf > Observation Procedure
          patient reference subject(Patient) > Patient
          questionnaire reference questionnaire > Questionnaire
          source reference source > Patient Practitioner PractitionerRole RelatedPerson
          status token status
          subject reference subject > *
        Specimen
          accession token accessionIdentifier
          bodysite token collection.bodySite
          collected date collection.collectedDateTime collection.collectedPeriod
          collector reference collection.collector > Practitioner PractitionerRole
          container token container.type
          container-id token container.identifier
          identifier token identifier
          parent reference parent > Specimen
          patient reference subject(Patient) > Patient
          status token status
          subject reference subject > Device Group Location Patient Substance
          type token type
        """;
}

namespace Lhcre.Record.Searching;

/// <summary>Rows of the <see cref="SearchTable"/>. Problems, allergies, immunisations, procedures, assessments, and what the record notes of them.</summary>
internal static class ClinicalRows
{
    /// <summary>A type a block, as <see cref="SearchTable"/> reads it.</summary>
    public const string Text = """
        AdverseEvent
          actuality token actuality
          category token category
          date date date
          event token event
          location reference location > Location
          recorder reference recorder > Patient Practitioner PractitionerRole RelatedPerson
          resultingcondition reference resultingCondition > Condition
          seriousness token seriousness
          severity token severity
          study reference study > ResearchStudy
          subject reference subject > Group Patient Practitioner RelatedPerson
          substance reference suspectEntity.instance > Device Immunization Medication MedicationAdministration MedicationStatement Procedure Substance
        AllergyIntolerance
          asserter reference asserter > Patient Practitioner PractitionerRole RelatedPerson
          category token category
          clinical-status token clinicalStatus
          code token code reaction.substance
          criticality token criticality
          date date recordedDate
          identifier token identifier
          last-date date lastOccurrence
          manifestation token reaction.manifestation
          onset date reaction.onset
          patient reference patient > Group Patient
          recorder reference recorder > Patient Practitioner PractitionerRole RelatedPerson
          route token reaction.exposureRoute
          severity token reaction.severity
          type token type
          verification-status token verificationStatus
        BodyStructure
          identifier token identifier
          location token location
          morphology token morphology
          patient reference patient > Patient
        ClinicalImpression
          assessor reference assessor > Practitioner PractitionerRole
          date date date
          encounter reference encounter > Encounter
          finding-code token finding.itemCodeableConcept
          finding-ref reference finding.itemReference > Condition Media Observation
          identifier token identifier
          investigation reference investigation.item > DiagnosticReport FamilyMemberHistory ImagingStudy Media Observation QuestionnaireResponse RiskAssessment
          patient reference subject(Patient) > Patient
          previous reference previous > ClinicalImpression
          problem reference problem > AllergyIntolerance Condition
          status token status
          subject reference subject > Group Patient
          supporting-info reference supportingInfo > *
        Condition
          abatement-age quantity abatementAge abatementRange
          abatement-date date abatementDateTime abatementPeriod
          abatement-string string abatementString
          asserter reference asserter > Patient Practitioner PractitionerRole RelatedPerson
          body-site token bodySite
          category token category
          clinical-status token clinicalStatus
          code token code
          encounter reference encounter > Encounter
          evidence token evidence.code
          evidence-detail reference evidence.detail > *
          identifier token identifier
          onset-age quantity onsetAge onsetRange
          onset-date date onsetDateTime onsetPeriod
          onset-info string onsetString
          patient reference subject(Patient) > Patient
          recorded-date date recordedDate
          severity token severity
          stage token stage.summary
          subject reference subject > Group Patient
          verification-status token verificationStatus
        DetectedIssue
          author reference author > Device Practitioner PractitionerRole
          code token code
          identified date identifiedDateTime identifiedPeriod
          identifier token identifier
          implicated reference implicated > *
          patient reference patient > Group Patient
        FamilyMemberHistory
          code token condition.code
          date date date
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical > ActivityDefinition Measure OperationDefinition PlanDefinition Questionnaire
          instantiates-uri uri instantiatesUri
          patient reference patient > Group Patient
          relationship token relationship
          sex token sex
          status token status
        Flag
          author reference author > Device Organization Patient Practitioner PractitionerRole
          date date period
          encounter reference encounter > Encounter EpisodeOfCare
          identifier token identifier
          patient reference subject(Patient) > Patient
          subject reference subject > Group Location Medication Organization Patient PlanDefinition Practitioner Procedure
        Goal
          achievement-status token achievementStatus
          category token category
          identifier token identifier
          lifecycle-status token lifecycleStatus
          patient reference subject(Patient) > Patient
          start-date date startDate
          subject reference subject > Group Organization Patient
          target-date date target.dueDate
        Immunization
          date date occurrenceDateTime
          identifier token identifier
          location reference location > Location
          lot-number string lotNumber
          manufacturer reference manufacturer > Organization
          patient reference patient > Group Patient
          performer reference performer.actor > Organization Practitioner PractitionerRole
          reaction reference reaction.detail > Observation
          reaction-date date reaction.date
          reason-code token reasonCode
          reason-reference reference reasonReference > Condition DiagnosticReport Observation
          series string protocolApplied.series
          status token status
          status-reason token statusReason
          target-disease token protocolApplied.targetDisease
          vaccine-code token vaccineCode
        ImmunizationEvaluation
          date date date
          dose-status token doseStatus
          identifier token identifier
          immunization-event reference immunizationEvent > Immunization
          patient reference patient > Patient
          status token status
          target-disease token targetDisease
        ImmunizationRecommendation
          date date date
          identifier token identifier
          information reference recommendation.supportingPatientInformation > *
          patient reference patient > Patient
          status token recommendation.forecastStatus
          support reference recommendation.supportingImmunization > Immunization ImmunizationEvaluation
          target-disease token recommendation.targetDisease
          vaccine-type token recommendation.vaccineCode
        Procedure
          based-on reference basedOn > CarePlan ServiceRequest
          category token category
          code token code
          date date performedDateTime performedPeriod
          encounter reference encounter > Encounter EpisodeOfCare
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical > ActivityDefinition Measure OperationDefinition PlanDefinition Questionnaire
          instantiates-uri uri instantiatesUri
          location reference location > Location
          part-of reference partOf > MedicationAdministration Observation Procedure
          patient reference subject(Patient) > Patient
          performer reference performer.actor > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          reason-code token reasonCode
          reason-reference reference reasonReference > Condition DiagnosticReport DocumentReference Observation Procedure
          status token status
          subject reference subject > Group Patient
        RiskAssessment
          condition reference condition > Condition
          date date occurrenceDateTime
          encounter reference encounter > Encounter EpisodeOfCare
          identifier token identifier
          method token method
          patient reference subject(Patient) > Patient
          performer reference performer > Device Practitioner PractitionerRole
          probability number prediction.probabilityDecimal
          risk token prediction.qualitativeRisk
          subject reference subject > Group Patient
        """;
}

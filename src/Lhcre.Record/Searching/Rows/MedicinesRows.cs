namespace Lhcre.Record.Searching;

/// <summary>Rows of the <see cref="SearchTable"/>. Medicines, devices, nutrition and supplies.</summary>
internal static class MedicinesRows
{
    /// <summary>A type a block, as <see cref="SearchTable"/> reads it.</summary>
    public const string Text = """
        Device
          device-name string deviceName.name type.coding.display type.text
          identifier token identifier
          location reference location > Location
          manufacturer string manufacturer
          model string modelNumber
          organization reference owner > Organization
          patient reference patient > Patient
          status token status
          type token type
          udi-carrier string udiCarrier.carrierHRF
          udi-di string udiCarrier.deviceIdentifier
          url uri url
        DeviceMetric
          category token category
          identifier token identifier
          parent reference parent > Device
          source reference source > Device
          type token type
        DeviceRequest
          authored-on date authoredOn
          based-on reference basedOn > *
          code token codeCodeableConcept
          device reference codeReference > Device
          encounter reference encounter > Encounter EpisodeOfCare
          event-date date occurrenceDateTime occurrencePeriod
          group-identifier token groupIdentifier
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical > ActivityDefinition PlanDefinition
          instantiates-uri uri instantiatesUri
          insurance reference insurance > ClaimResponse Coverage
          intent token intent
          patient reference subject(Patient) > Patient
          performer reference performer > CareTeam Device HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          prior-request reference priorRequest > *
          requester reference requester > Device Organization Practitioner PractitionerRole
          status token status
          subject reference subject > Device Group Location Patient
        DeviceUseStatement
          device reference device > Device
          identifier token identifier
          patient reference subject > Group Patient
          subject reference subject > Group Patient
        Medication
          code token code
          expiration-date date batch.expirationDate
          form token form
          identifier token identifier
          ingredient reference ingredient.itemReference > Medication Substance
          ingredient-code token ingredient.itemCodeableConcept
          lot-number token batch.lotNumber
          manufacturer reference manufacturer > Organization
          status token status
        MedicationAdministration
          code token medicationCodeableConcept
          context reference context > Encounter EpisodeOfCare
          device reference device > Device
          effective-time date effectiveDateTime effectivePeriod
          identifier token identifier
          medication reference medicationReference > Medication
          patient reference subject(Patient) > Patient
          performer reference performer.actor > Device Patient Practitioner PractitionerRole RelatedPerson
          reason-given token reasonCode
          reason-not-given token statusReason
          request reference request > MedicationRequest
          status token status
          subject reference subject > Group Patient
        MedicationDispense
          code token medicationCodeableConcept
          context reference context > Encounter EpisodeOfCare
          destination reference destination > Location
          identifier token identifier
          medication reference medicationReference > Medication
          patient reference subject(Patient) > Patient
          performer reference performer.actor > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          prescription reference authorizingPrescription > MedicationRequest
          receiver reference receiver > Patient Practitioner
          responsibleparty reference substitution.responsibleParty > Practitioner PractitionerRole
          status token status
          subject reference subject > Group Patient
          type token type
          whenhandedover date whenHandedOver
          whenprepared date whenPrepared
        MedicationRequest
          authoredon date authoredOn
          category token category
          code token medicationCodeableConcept
          date date dosageInstruction.timing.event
          encounter reference encounter > Encounter
          identifier token identifier
          intended-dispenser reference dispenseRequest.performer > Organization
          intended-performer reference performer > CareTeam Device Organization Patient Practitioner PractitionerRole RelatedPerson
          intended-performertype token performerType
          intent token intent
          medication reference medicationReference > Medication
          patient reference subject(Patient) > Patient
          priority token priority
          requester reference requester > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          status token status
          subject reference subject > Group Patient
        MedicationStatement
          category token category
          code token medicationCodeableConcept
          context reference context > Encounter EpisodeOfCare
          effective date effectiveDateTime effectivePeriod
          identifier token identifier
          medication reference medicationReference > Medication
          part-of reference partOf > MedicationAdministration MedicationDispense MedicationStatement Observation Procedure
          patient reference subject(Patient) > Patient
          source reference informationSource > Organization Patient Practitioner PractitionerRole RelatedPerson
          status token status
          subject reference subject > Group Patient
        NutritionOrder
          additive token enteralFormula.additiveType
          datetime date dateTime
          encounter reference encounter > Encounter EpisodeOfCare
          formula token enteralFormula.baseFormulaType
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical > ActivityDefinition PlanDefinition
          instantiates-uri uri instantiatesUri
          oraldiet token oralDiet.type
          patient reference patient > Group Patient
          provider reference orderer > Practitioner PractitionerRole
          status token status
          supplement token supplement.type
        Substance
          category token category
          code token code ingredient.substanceCodeableConcept
          container-identifier token instance.identifier
          expiry date instance.expiry
          identifier token identifier
          quantity quantity instance.quantity
          status token status
          substance-reference reference ingredient.substanceReference > Substance
        SupplyDelivery
          identifier token identifier
          patient reference patient > Group Patient
          receiver reference receiver > Practitioner PractitionerRole
          status token status
          supplier reference supplier > Organization Practitioner PractitionerRole
        SupplyRequest
          category token category
          date date authoredOn
          identifier token identifier
          requester reference requester > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          status token status
          subject reference deliverTo > Location Organization Patient
          supplier reference supplier > HealthcareService Organization
        VisionPrescription
          datewritten date dateWritten
          encounter reference encounter > Encounter EpisodeOfCare
          identifier token identifier
          patient reference patient > Group Patient
          prescriber reference prescriber > Practitioner PractitionerRole
          status token status
        """;
}

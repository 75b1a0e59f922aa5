namespace Lhcre.Record.Searching;

/// <summary>Rows of the <see cref="SearchTable"/>. Care as it is planned and given: encounters, plans, requests, appointments, messages.</summary>
internal static class CareRows
{
    /// <summary>A type a block, as <see cref="SearchTable"/> reads it.</summary>
    public const string Text = """
        Appointment
          actor reference participant.actor > Device HealthcareService Location Patient Practitioner PractitionerRole RelatedPerson
          appointment-type token appointmentType
          based-on reference basedOn > ServiceRequest
          date date start
          identifier token identifier
          location reference participant.actor(Location) > Location
          part-status token participant.status
          patient reference participant.actor(Patient) > Patient
          practitioner reference participant.actor(Practitioner) > Practitioner
          reason-code token reasonCode
          reason-reference reference reasonReference > Condition ImmunizationRecommendation Observation Procedure
          service-category token serviceCategory
          service-type token serviceType
          slot reference slot > Slot
          specialty token specialty
          status token status
          supporting-info reference supportingInformation > *
        AppointmentResponse
          actor reference actor > Device HealthcareService Location Patient Practitioner PractitionerRole RelatedPerson
          appointment reference appointment > Appointment
          identifier token identifier
          location reference actor(Location) > Location
          part-status token participantStatus
          patient reference actor(Patient) > Patient
          practitioner reference actor(Practitioner) > Practitioner
        CarePlan
          activity-code token activity.detail.code
          activity-date date activity.detail.scheduledTiming activity.detail.scheduledPeriod
          activity-reference reference activity.reference > Appointment CommunicationRequest DeviceRequest MedicationRequest NutritionOrder RequestGroup ServiceRequest Task VisionPrescription
          based-on reference basedOn > CarePlan
          care-team reference careTeam > CareTeam
          category token category
          condition reference addresses > Condition
          date date period
          encounter reference encounter > Encounter
          goal reference goal > Goal
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical > ActivityDefinition Measure OperationDefinition PlanDefinition Questionnaire
          instantiates-uri uri instantiatesUri
          intent token intent
          part-of reference partOf > CarePlan
          patient reference subject(Patient) > Patient
          performer reference activity.detail.performer > CareTeam Device HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          replaces reference replaces > CarePlan
          status token status
          subject reference subject > Group Patient
        CareTeam
          category token category
          date date period
          encounter reference encounter > Encounter
          identifier token identifier
          participant reference participant.member > CareTeam Organization Patient Practitioner PractitionerRole RelatedPerson
          patient reference subject(Patient) > Patient
          status token status
          subject reference subject > Group Patient
        Communication
          based-on reference basedOn > *
          category token category
          encounter reference encounter > Encounter
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical > ActivityDefinition Measure OperationDefinition PlanDefinition Questionnaire
          instantiates-uri uri instantiatesUri
          medium token medium
          part-of reference partOf > *
          patient reference subject(Patient) > Patient
          received date received
          recipient reference recipient > CareTeam Device Group HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          sender reference sender > Device HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          sent date sent
          status token status
          subject reference subject > Group Patient
        CommunicationRequest
          authored date authoredOn
          based-on reference basedOn > *
          category token category
          encounter reference encounter > Encounter
          group-identifier token groupIdentifier
          identifier token identifier
          medium token medium
          occurrence date occurrenceDateTime
          patient reference subject(Patient) > Patient
          priority token priority
          recipient reference recipient > CareTeam Device Group HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          replaces reference replaces > CommunicationRequest
          requester reference requester > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          sender reference sender > Device HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          status token status
          subject reference subject > Group Patient
        Encounter
          account reference account > Account
          appointment reference appointment > Appointment
          based-on reference basedOn > ServiceRequest
          class token class
          date date period
          diagnosis reference diagnosis.condition > Condition Procedure
          episode-of-care reference episodeOfCare > EpisodeOfCare
          identifier token identifier
          length quantity length
          location reference location.location > Location
          location-period date location.period
          part-of reference partOf > Encounter
          participant reference participant.individual > Practitioner PractitionerRole RelatedPerson
          participant-type token participant.type
          patient reference subject(Patient) > Patient
          practitioner reference participant.individual(Practitioner) > Practitioner
          reason-code token reasonCode
          reason-reference reference reasonReference > Condition ImmunizationRecommendation Observation Procedure
          service-provider reference serviceProvider > Organization
          special-arrangement token hospitalization.specialArrangement
          status token status
          subject reference subject > Group Patient
          type token type
        EpisodeOfCare
          care-manager reference careManager(Practitioner) > Practitioner
          condition reference diagnosis.condition > Condition
          date date period
          identifier token identifier
          incoming-referral reference referralRequest > ServiceRequest
          organization reference managingOrganization > Organization
          patient reference patient > Group Patient
          status token status
          type token type
        GuidanceResponse
          identifier token identifier
          patient reference subject(Patient) > Patient
          request token requestIdentifier
          subject reference subject > Group Patient
        MeasureReport
          date date date
          evaluated-resource reference evaluatedResource > *
          identifier token identifier
          measure reference measure > Measure
          patient reference subject(Patient) > Patient
          period date period
          reporter reference reporter > Location Organization Practitioner PractitionerRole
          status token status
          subject reference subject > Device Group Location Patient Practitioner PractitionerRole RelatedPerson
        RequestGroup
          author reference author > Device Practitioner PractitionerRole
          authored date authoredOn
          code token code
          encounter reference encounter > Encounter
          group-identifier token groupIdentifier
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical
          instantiates-uri uri instantiatesUri
          intent token intent
          participant reference action.participant > Device Patient Practitioner PractitionerRole RelatedPerson
          patient reference subject(Patient) > Patient
          priority token priority
          status token status
          subject reference subject > Group Patient
        ResearchStudy
          category token category
          date date period
          focus token focus
          identifier token identifier
          keyword token keyword
          location token location
          partof reference partOf > ResearchStudy
          principalinvestigator reference principalInvestigator > Practitioner PractitionerRole
          protocol reference protocol > PlanDefinition
          site reference site > Location
          sponsor reference sponsor > Organization
          status token status
          title string title
        ResearchSubject
          date date period
          identifier token identifier
          individual reference individual > Patient
          patient reference individual > Patient
          status token status
          study reference study > ResearchStudy
        Schedule
          active token active
          actor reference actor > Device HealthcareService Location Patient Practitioner PractitionerRole RelatedPerson
          date date planningHorizon
          identifier token identifier
          service-category token serviceCategory
          service-type token serviceType
          specialty token specialty
        ServiceRequest
          authored date authoredOn
          based-on reference basedOn > CarePlan MedicationRequest ServiceRequest
          body-site token bodySite
          category token category
          code token code
          encounter reference encounter > Encounter EpisodeOfCare
          identifier token identifier
          instantiates-canonical reference instantiatesCanonical > ActivityDefinition PlanDefinition
          instantiates-uri uri instantiatesUri
          intent token intent
          occurrence date occurrenceDateTime occurrencePeriod occurrenceTiming
          patient reference subject(Patient) > Patient
          performer reference performer > CareTeam Device HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          performer-type token performerType
          priority token priority
          replaces reference replaces > ServiceRequest
          requester reference requester > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          requisition token requisition
          specimen reference specimen > Specimen
          status token status
          subject reference subject > Device Group Location Patient
        Slot
          appointment-type token appointmentType
          identifier token identifier
          schedule reference schedule > Schedule
          service-category token serviceCategory
          service-type token serviceType
          specialty token specialty
          start date start
          status token status
        Task
          authored-on date authoredOn
          based-on reference basedOn > *
          business-status token businessStatus
          code token code
          encounter reference encounter > Encounter
          focus reference focus > *
          group-identifier token groupIdentifier
          identifier token identifier
          intent token intent
          modified date lastModified
          owner reference owner > CareTeam Device HealthcareService Organization Patient Practitioner PractitionerRole RelatedPerson
          part-of reference partOf > Task
          patient reference for(Patient) > Patient
          performer token performerType
          period date executionPeriod
          priority token priority
          requester reference requester > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          status token status
          subject reference for > *
        """;
}

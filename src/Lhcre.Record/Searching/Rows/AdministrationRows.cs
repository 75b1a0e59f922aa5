namespace Lhcre.Record.Searching;

/// <summary>Rows of the <see cref="SearchTable"/>. People, places, organisations, money and consent.</summary>
internal static class AdministrationRows
{
    /// <summary>A type a block, as <see cref="SearchTable"/> reads it.</summary>
    public const string Text = """
        Account
          identifier token identifier
          name string name
          owner reference owner > Organization
          patient reference subject(Patient) > Patient
          period date servicePeriod
          status token status
          subject reference subject > Device HealthcareService Location Organization Patient Practitioner PractitionerRole
          type token type
        AuditEvent
          action token action
          address string agent.network.address
          agent reference agent.who > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          agent-name string agent.name
          agent-role token agent.role
          altid token agent.altId
          date date recorded
          entity reference entity.what > *
          entity-name string entity.name
          entity-role token entity.role
          entity-type token entity.type
          outcome token outcome
          patient reference agent.who(Patient) entity.what(Patient) > Patient
          policy uri agent.policy
          site token source.site
          source reference source.observer > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          subtype token subtype
          type token type
        Basic
          author reference author > Organization Patient Practitioner PractitionerRole RelatedPerson
          code token code
          created date created
          identifier token identifier
          patient reference subject(Patient) > Patient
          subject reference subject > *
        ChargeItem
          account reference account > Account
          code token code
          context reference context > Encounter EpisodeOfCare
          entered-date date enteredDate
          enterer reference enterer > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          factor-override number factorOverride
          identifier token identifier
          occurrence date occurrenceDateTime occurrencePeriod occurrenceTiming
          patient reference subject(Patient) > Patient
          performer-actor reference performer.actor > CareTeam Device Organization Patient Practitioner PractitionerRole RelatedPerson
          performer-function token performer.function
          performing-organization reference performingOrganization > Organization
          price-override quantity priceOverride
          quantity quantity quantity
          requesting-organization reference requestingOrganization > Organization
          service reference service > DiagnosticReport ImagingStudy Immunization MedicationAdministration MedicationDispense Observation Procedure SupplyDelivery
          subject reference subject > Group Patient
        Claim
          care-team reference careTeam.provider > Organization Practitioner PractitionerRole
          created date created
          detail-udi reference item.detail.udi > Device
          encounter reference item.encounter > Encounter
          enterer reference enterer > Practitioner PractitionerRole
          facility reference facility > Location
          identifier token identifier
          insurer reference insurer > Organization
          item-udi reference item.udi > Device
          patient reference patient > Patient
          payee reference payee.party > Organization Patient Practitioner PractitionerRole RelatedPerson
          priority token priority
          procedure-udi reference procedure.udi > Device
          provider reference provider > Organization Practitioner PractitionerRole
          status token status
          subdetail-udi reference item.detail.subDetail.udi > Device
          use token use
        ClaimResponse
          created date created
          disposition string disposition
          identifier token identifier
          insurer reference insurer > Organization
          outcome token outcome
          patient reference patient > Patient
          payment-date date payment.date
          request reference request > Claim
          requestor reference requestor > Organization Practitioner PractitionerRole
          status token status
          use token use
        Consent
          action token provision.action
          actor reference provision.actor.reference > CareTeam Device Group Organization Patient Practitioner PractitionerRole RelatedPerson
          category token category
          consentor reference performer > Organization Patient Practitioner PractitionerRole RelatedPerson
          data reference provision.data.reference > *
          date date dateTime
          identifier token identifier
          organization reference organization > Organization
          patient reference patient > Group Patient
          period date provision.period
          purpose token provision.purpose
          scope token scope
          security-label token provision.securityLabel
          source-reference reference sourceReference > Consent Contract DocumentReference QuestionnaireResponse
          status token status
        Coverage
          beneficiary reference beneficiary > Patient
          class-type token class.type
          class-value string class.value
          dependent string dependent
          identifier token identifier
          patient reference beneficiary > Patient
          payor reference payor > Organization Patient RelatedPerson
          policy-holder reference policyHolder > Organization Patient RelatedPerson
          status token status
          subscriber reference subscriber > Patient RelatedPerson
          type token type
        CoverageEligibilityRequest
          created date created
          enterer reference enterer > Practitioner PractitionerRole
          facility reference facility > Location
          identifier token identifier
          patient reference patient > Patient
          provider reference provider > Organization Practitioner PractitionerRole
          status token status
        CoverageEligibilityResponse
          created date created
          disposition string disposition
          identifier token identifier
          insurer reference insurer > Organization
          outcome token outcome
          patient reference patient > Patient
          request reference request > CoverageEligibilityRequest
          requestor reference requestor > Organization Practitioner PractitionerRole
          status token status
        EnrollmentRequest
          identifier token identifier
          patient reference candidate > Patient
          status token status
          subject reference candidate > Patient
        ExplanationOfBenefit
          care-team reference careTeam.provider > Organization Practitioner PractitionerRole
          claim reference claim > Claim
          coverage reference insurance.coverage > Coverage
          created date created
          detail-udi reference item.detail.udi > Device
          disposition string disposition
          encounter reference item.encounter > Encounter
          enterer reference enterer > Practitioner PractitionerRole
          facility reference facility > Location
          identifier token identifier
          item-udi reference item.udi > Device
          patient reference patient > Patient
          payee reference payee.party > Organization Patient Practitioner PractitionerRole RelatedPerson
          procedure-udi reference procedure.udi > Device
          provider reference provider > Organization Practitioner PractitionerRole
          status token status
          subdetail-udi reference item.detail.subDetail.udi > Device
        Invoice
          account reference account > Account
          date date date
          identifier token identifier
          issuer reference issuer > Organization
          participant reference participant.actor > Device Organization Patient Practitioner PractitionerRole RelatedPerson
          participant-role token participant.role
          patient reference subject(Patient) > Patient
          recipient reference recipient > Organization Patient RelatedPerson
          status token status
          subject reference subject > Group Patient
          totalgross quantity totalGross
          totalnet quantity totalNet
          type token type
        """;
}

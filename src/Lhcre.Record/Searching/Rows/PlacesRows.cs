namespace Lhcre.Record.Searching;

/// <summary>Rows of the <see cref="SearchTable"/>. The person, and the people, organisations and places that others refer to.</summary>
internal static class PlacesRows
{
    /// <summary>A type a block, as <see cref="SearchTable"/> reads it.</summary>
    public const string Text = """
        Endpoint
          connection-type token connectionType
          identifier token identifier
          name string name
          organization reference managingOrganization > Organization
          payload-type token payloadType
          status token status
        Group
          actual token actual
          characteristic token characteristic.code
          characteristic-value composite characteristic value
          code token code
          exclude token characteristic.exclude
          identifier token identifier
          managing-entity reference managingEntity > Organization Practitioner PractitionerRole RelatedPerson
          member reference member.entity > Device Group Medication Patient Practitioner PractitionerRole Substance
          type token type
          value token characteristic.valueCodeableConcept characteristic.valueBoolean
        HealthcareService
          active token active
          characteristic token characteristic
          coverage-area reference coverageArea > Location
          endpoint reference endpoint > Endpoint
          identifier token identifier
          location reference location > Location
          name string name
          organization reference providedBy > Organization
          program token program
          service-category token category
          service-type token type
          specialty token specialty
        Location
          address string address
          address-city string address.city
          address-country string address.country
          address-postalcode string address.postalCode
          address-state string address.state
          address-use token address.use
          endpoint reference endpoint > Endpoint
          identifier token identifier
          name string name alias
          operational-status token operationalStatus
          organization reference managingOrganization > Organization
          partof reference partOf > Location
          status token status
          type token type
        Organization
          active token active
          address string address
          address-city string address.city
          address-country string address.country
          address-postalcode string address.postalCode
          address-state string address.state
          address-use token address.use
          endpoint reference endpoint > Endpoint
          identifier token identifier
          name string name alias
          partof reference partOf > Organization
          type token type
        OrganizationAffiliation
          active token active
          date date period
          email token telecom(email)
          endpoint reference endpoint > Endpoint
          identifier token identifier
          location reference location > Location
          network reference network > Organization
          participating-organization reference participatingOrganization > Organization
          phone token telecom(phone)
          primary-organization reference organization > Organization
          role token code
          service reference healthcareService > HealthcareService
          specialty token specialty
          telecom token telecom
        Patient
          active token active
          address string address
          address-city string address.city
          address-country string address.country
          address-postalcode string address.postalCode
          address-state string address.state
          address-use token address.use
          birthdate date birthDate
          death-date date deceasedDateTime
          deceased token deceasedBoolean deceasedDateTime(exists)
          email token telecom(email)
          family string name.family
          gender token gender
          general-practitioner reference generalPractitioner > Organization Practitioner PractitionerRole
          given string name.given
          identifier token identifier
          language token communication.language
          link reference link.other > Patient RelatedPerson
          name string name
          organization reference managingOrganization > Organization
          phone token telecom(phone)
          telecom token telecom
        Person
          address string address
          address-city string address.city
          address-country string address.country
          address-postalcode string address.postalCode
          address-state string address.state
          address-use token address.use
          birthdate date birthDate
          email token telecom(email)
          gender token gender
          identifier token identifier
          link reference link.target > Patient Person Practitioner RelatedPerson
          name string name
          organization reference managingOrganization > Organization
          patient reference link.target(Patient) > Patient
          phone token telecom(phone)
          practitioner reference link.target(Practitioner) > Practitioner
          relatedperson reference link.target(RelatedPerson) > RelatedPerson
          telecom token telecom
        Practitioner
          active token active
          address string address
          address-city string address.city
          address-country string address.country
          address-postalcode string address.postalCode
          address-state string address.state
          address-use token address.use
          communication token communication
          email token telecom(email)
          family string name.family
          gender token gender
          given string name.given
          identifier token identifier
          name string name
          phone token telecom(phone)
          telecom token telecom
        PractitionerRole
          active token active
          date date period
          email token telecom(email)
          endpoint reference endpoint > Endpoint
          identifier token identifier
          location reference location > Location
          organization reference organization > Organization
          phone token telecom(phone)
          practitioner reference practitioner > Practitioner
          role token code
          service reference healthcareService > HealthcareService
          specialty token specialty
          telecom token telecom
        RelatedPerson
          active token active
          address string address
          address-city string address.city
          address-country string address.country
          address-postalcode string address.postalCode
          address-state string address.state
          address-use token address.use
          birthdate date birthDate
          email token telecom(email)
          gender token gender
          identifier token identifier
          name string name
          patient reference patient > Patient
          phone token telecom(phone)
          relationship token relationship
          telecom token telecom
        """;
}

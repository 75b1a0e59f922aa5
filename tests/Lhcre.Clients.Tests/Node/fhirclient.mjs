// What fhirclient (the SMART on FHIR client), unmodified, makes of the server, given its plain URL and, as a launch would give it, the patient.
// One JSON object, a member for each step, {"error": …} where it failed. Arguments: the FHIR base, a Patient.id, the id of an Observation that has two versions.
import smart from 'fhirclient';
import { report } from './report.mjs';

const [serverUrl, patient, observation] = process.argv.slice(2);
const { client: connect } = smart({ headers: {}, session: {} }, {});
const client = connect({ serverUrl, tokenResponse: { patient } });

await report({
  async version() {
    return { version: await client.getFhirVersion(), release: await client.getFhirRelease() };
  },
  async patient() {
    const read = await client.patient.read();
    return { id: read.id, family: client.getPath(read, 'name.0.family') };
  },
  async mine() {
    return (await client.patient.request('Observation', { pageLimit: 0, flat: true })).filter((r) => r.resourceType === 'Observation').length;
  },
  async paging() {
    const sizes = [];
    const seen = new Set();
    for await (const page of client.pages(`Observation?patient=${patient}&_count=7`)) {
      const matches = page.entry.filter((e) => e.search.mode === 'match');
      sizes.push(matches.length);
      for (const { resource } of matches) seen.add(resource.id);
    }
    return { pages: sizes, distinct: seen.size };
  },
  async values() {
    const found = await client.request(`Observation?patient=${patient}&code=http://loinc.org|29463-7&date=2025-03`, { flat: true });
    return found.filter((r) => r.resourceType === 'Observation').map((r) => client.units.kg(r.valueQuantity));
  },
  async resolved() {
    const [request] = await client.request(`MedicationRequest?patient=${patient}`, { flat: true, resolveReferences: ['requester', 'subject'] });
    return { requester: request.requester.name[0].family, subject: request.subject.id };
  },
  async everything() {
    return (await client.request(`Patient/${patient}/$everything`)).total;
  },
  async summary() {
    return (await client.request(`Patient/${patient}/$summary`)).type;
  },
  async past() {
    return (await client.request(`Observation/${observation}/_history`)).entry.map((e) => e.resource.status);
  },
  async once() {
    return (await client.request(`Observation/${observation}/_history/1`)).status;
  },
  async unknown() {
    return client.request('Patient/nobody');
  },
  async person() {
    return client.request('Observation?code=29463-7');
  },
  async write() {
    return client.create({ resourceType: 'Patient' });
  },
});

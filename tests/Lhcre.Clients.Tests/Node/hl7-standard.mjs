// Reads HL7 v2 messages with hl7-standard (https://github.com/ironbridgecorp/hl7-standard), which knows the recommended separators only and
// does not unescape. Standard input: a list of messages as JSON. Standard output: for each a list of segments, [name, fields]; a field is a list of
// repetitions, of components, of subcomponents. An error is a text.
import HL7 from 'hl7-standard';

const text = [];
for await (const chunk of process.stdin) text.push(chunk);
console.log(JSON.stringify(JSON.parse(Buffer.concat(text).toString('utf8')).map(read)));

function read(message) {
  try {
    const hl7 = new HL7(message, { lineEndings: '\r' });
    hl7.transform();
    return Object.values(hl7.transformed).flat()
      .sort((a, b) => a.index - b.index)
      .map((segment) => [segment.type, Object.keys(segment.data).map((name) => repetitions(segment.data[name]))]);
  } catch (error) {
    return `${error}`;
  }
}

// A text, subcomponents of one component, components of one repetition, or repetitions.
function repetitions(field) {
  if (typeof field === 'string') return [[[field]]];
  if (!Array.isArray(field)) return [components(field)];
  return field.every((part) => typeof part === 'string') ? [[field]] : field.map(components);
}

function components(repetition) {
  return Object.values(repetition).map((component) => (Array.isArray(component) ? component : [component]));
}

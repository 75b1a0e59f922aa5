// Takes the steps one after the other and prints what each gave. Of an error, its status and the codes in its OperationOutcome.
export async function report(steps) {
  const results = {};
  for (const [name, step] of Object.entries(steps)) {
    try {
      results[name] = await step();
    } catch (error) {
      results[name] = { error: await told(error) };
    }
  }
  console.log(JSON.stringify(results));
}

async function told(error) {
  const status = error.response?.status;
  if (status === undefined) return { message: String(error.stack ?? error) };
  // fhir-kit-client has read the body; fhirclient puts it into the message, behind the status and the URL.
  const outcome = error.response.data ?? JSON.parse(error.message.slice(error.message.indexOf('{')));
  return { status, codes: outcome.issue?.map((issue) => issue.details?.coding?.[0]?.code) };
}

namespace Lhcre.Silo;

/// <summary>What there is to run.</summary>
internal static class Usage
{
    /// <summary>Says which verbs there are; 0 for a call for help, 2 for a verb that does not exist.</summary>
    public static async Task<int> Run(string verb, TextWriter output)
    {
        if (verb is not ("help" or "--help" or "-h"))
            await output.WriteLineAsync($"'{verb}' is no verb.");
        await output.WriteLineAsync("""
            Usage: Lhcre.Silo VERB [options]; VERB --help says more.

              serve    serve the merged record (the default): from the embedded store, or as one of several from PostgreSQL
              demo     the same, with synthetic people pushed through the three sources
              migrate  bring a PostgreSQL database to the schema of this release
              load     push files of FHIR and HL7 v2 to a source of a running server
            """);
        return verb is "help" or "--help" or "-h" ? 0 : 2;
    }
}

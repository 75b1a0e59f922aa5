using Lhcre.Silo;

// serve is the default: its options may come without the verb.
var (verb, rest) = args is [var first, .. var others] && !first.StartsWith('-') ? (first, others) : ("serve", args);
return verb switch
{
    "serve" => await Serve.Run(rest, Console.Out, Console.Error, CancellationToken.None),
    _ => await Usage.Run(verb, Console.Error),
};

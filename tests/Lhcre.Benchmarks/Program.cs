using Lhcre.Benchmarks;
using Lhcre.Benchmarks.Inner;
using Lhcre.Benchmarks.Load;

return args switch
{
    [LoadClient.Verb] => LoadClient.Run(Console.In, Console.Out),
    ["inner", .. var filters] => InnerParts.Run(filters),
    _ => await Suite.Run(args),
};

using Lhcre.Synthetic;
using Lhcre.Synthetic.Quality;

if (QualityOptions.Read(args) is not { } options)
{
    await Console.Error.WriteLineAsync(QualityOptions.Help);
    return args.Contains("--help") ? 0 : 2;
}

var tally = QualityRun.People(options, Console.Error.WriteLine);
var shuffles = QualityRun.Orders(options, Console.Error.WriteLine);
Console.Write(Report.Of(options, tally, shuffles));
return Goal.Of(tally, shuffles).All(g => g.IsMet) ? 0 : 1;

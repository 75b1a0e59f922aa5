namespace Lhcre.Simulation.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("", 1, 200, 60, false)]
    [InlineData("--seed 7", 7, 1, 60, false)]
    [InlineData("--seeds 9 --from 3 --steps 5 --trace", 3, 9, 5, true)]
    public void What_is_asked_for_is_what_is_simulated(string line, int from, int seeds, int steps, bool isTraced) => Assert.Equal(
        new SimulationOptions { From = from, Seeds = seeds, Steps = steps, IsTraced = isTraced }, SimulationOptions.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("--help")]
    [InlineData("--seed")]
    [InlineData("--seed x")]
    [InlineData("--seed -1")]
    [InlineData("--other 1")]
    public void What_cannot_be_read_is_not_guessed(string line) => Assert.Null(SimulationOptions.Read(line.Split(' ')));
}

using System.Diagnostics;

namespace Lhcre.Processes;

/// <summary>
/// Sees to it that nothing outlives the tests, also when the test process itself is killed: a shell that waits at the end of a pipe, and
/// carries out what it was given as soon as nobody holds the other end any more.
/// </summary>
public static class Watchdog
{
    // Lines "+ id command" and "- id". The signals of a terminal reach the whole group: the shell must outlive the tests.
    private const string Script = """
        trap '' INT TERM HUP
        left=
        while read -r sign id command; do
          if [ "$sign" = + ]; then
            left="$left$id $command
        "
          else
            left=$(printf '%s' "$left" | grep -v "^$id ")
            left="$left${left:+
        }"
          fi
        done
        printf '%s' "$left" | while read -r id command; do eval "$command"; done >/dev/null 2>&1
        """;

    private static readonly Lock Gate = new();
    private static StreamWriter? _pipe;
    private static int _last;

    /// <summary>Keeps a process from outliving this one.</summary>
    /// <returns>To be disposed of once the process has ended, since its number may be given to another one then.</returns>
    public static IDisposable Guard(Process process) => AtTheEnd($"kill -9 {process.Id}");

    /// <summary>A shell command of one line that is carried out when this process ends in whatever way, unless what is returned was disposed of.</summary>
    public static IDisposable AtTheEnd(string command)
    {
        lock (Gate)
        {
            _pipe ??= Start();
            var id = ++_last;
            _pipe.WriteLine($"+ {id} {command}");
            return new Entry(id);
        }
    }

    private static StreamWriter Start()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        var pipe = Process.Start(start)!.StandardInput;
        pipe.AutoFlush = true;
        return pipe;
    }

    private sealed class Entry(int id) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
                _pipe!.WriteLine($"- {id}");
        }
    }
}

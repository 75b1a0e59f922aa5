namespace Lhcre.Processes;

/// <summary>
/// A wall clock that is wrong for one process: a few lines of C in front of the C library's, since only there the runtime, Orleans and we all
/// see the same wrong time. Clocks that measure how long something took stay right, as they do on a machine whose clock is wrong.
/// </summary>
public sealed class SkewedClock : IDisposable
{
    private const string Skew = "LHCRE_TEST_CLOCK_SKEW";

    private const string Source = $$"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <sys/time.h>
        #include <time.h>
        static long skew(void) { const char *text = getenv("{{Skew}}"); return text ? atol(text) : 0; }
        int clock_gettime(clockid_t id, struct timespec *at) {
          static int (*real)(clockid_t, struct timespec *);
          if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
          int result = real(id, at);
          if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += skew();
          return result;
        }
        int gettimeofday(struct timeval *at, void *zone) {
          struct timespec now;
          (void)zone;
          int result = clock_gettime(CLOCK_REALTIME, &now);
          at->tv_sec = now.tv_sec; at->tv_usec = now.tv_nsec / 1000;
          return result;
        }
        time_t time(time_t *at) {
          struct timespec now;
          clock_gettime(CLOCK_REALTIME, &now);
          if (at) *at = now.tv_sec;
          return now.tv_sec;
        }
        """;

    private readonly DirectoryInfo _folder;

    private SkewedClock(DirectoryInfo folder) => _folder = folder;

    /// <summary>Compiles it; null where there is no C compiler.</summary>
    public static async Task<SkewedClock?> Make()
    {
        var folder = Directory.CreateTempSubdirectory("lhcre-clock-");
        var clock = new SkewedClock(folder);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "clock.c"), Source);
        var (exitCode, _, errors) = await Tool.Try("sh", "-c", $"command -v cc >/dev/null || exit 127; cd '{folder.FullName}' && cc -shared -fPIC -O1 -o clock.so clock.c -ldl");
        if (exitCode == 0)
            return clock;
        clock.Dispose();
        return exitCode == 127 ? null : throw new InvalidOperationException($"The wrong clock does not compile: {errors}");
    }

    /// <summary>The environment of a process whose clock is to be this far ahead of ours, or behind it.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment(TimeSpan ahead) =>
        [("LD_PRELOAD", Path.Combine(_folder.FullName, "clock.so")), (Skew, $"{(long)ahead.TotalSeconds}")];

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}

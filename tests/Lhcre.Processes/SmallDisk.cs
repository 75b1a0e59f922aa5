namespace Lhcre.Processes;

/// <summary>A file system of a few megabytes in memory, which can be filled. Only root may mount one. Gone with the tests.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _mount;
    private readonly IDisposable _guard;

    private SmallDisk(string mount)
    {
        _mount = mount;
        _guard = Watchdog.AtTheEnd($"umount -l '{mount}'; rmdir '{mount}'");
    }

    /// <summary>An empty folder on it that belongs to the account under which PostgreSQL runs.</summary>
    public string Folder => Path.Combine(_mount, "tablespace");

    /// <summary>Mounts one.</summary>
    public static async Task<SmallDisk> Mount(int megabytes)
    {
        var mount = Directory.CreateTempSubdirectory("lhcre-disk-").FullName;
        await Tool.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", mount);
        var disk = new SmallDisk(mount);
        Directory.CreateDirectory(disk.Folder);
        await Tool.Run("chown", "postgres", disk.Folder);
        return disk;
    }

    /// <summary>Takes all the room that is left.</summary>
    public async Task Fill()
    {
        await using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                await ballast.WriteAsync(block);
        }
        catch (IOException)
        {
            // No room for another block.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Tool.Run("umount", "-l", _mount);
        Directory.Delete(_mount);
        _guard.Dispose();
    }

    private string Ballast => Path.Combine(_mount, "ballast");
}

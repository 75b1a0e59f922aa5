using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Mllp;
using Lhcre.Silo.Tests.Http;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>MLLP with TLS, and the files that its certificate may come in.</summary>
public sealed class MllpTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-tls-");
    private readonly X509Certificate2 _certificate;
    private readonly string _nhs = FreshNhsNumber();

    public MllpTlsTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_sender_that_speaks_TLS_is_heard_and_one_that_does_not_is_cut()
    {
        var silo = new MllpSilo(
            async folder => await SqliteJournal.Open(folder.FullName, TestSilo.Pseudonym.Fingerprint, CancellationToken.None), o => o with { MllpCertificate = Pem() });
        await silo.InitializeAsync();
        try
        {
            await using (var plain = await MllpSender.Connect(silo.Port))
            {
                await plain.Send(Messages.Person("plain-" + _nhs, _nhs));
                Assert.Null(await plain.Answer());
            }

            await using var sender = await MllpSender.Connect(silo.Port, (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString());
            Assert.Equal("AA", (await sender.Ask(Messages.Person("tls-" + _nhs, _nhs))).Code);
            Assert.Equal("AA", (await sender.Ask(Messages.Person("tls2-" + _nhs, _nhs, family: new string('x', 100_000)))).Code);
            Assert.Contains("Patient", await silo.Types(_nhs));
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    [Fact]
    public void A_certificate_comes_with_its_key_as_PEM_or_PFX()
    {
        Assert.Null(MllpCertificate.Fault(Pem()));
        Assert.Null(MllpCertificate.Fault(Write("c.pfx", _certificate.Export(X509ContentType.Pfx))));
    }

    [Fact]
    public void What_is_wrong_with_a_certificate_is_said_before_anything_starts()
    {
        Assert.NotNull(MllpCertificate.Fault(Path.Combine(_folder.FullName, "missing.pem")));
        Assert.NotNull(MllpCertificate.Fault(Write("bare.pem", System.Text.Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()))));
        Assert.Contains("noise.pfx is no PEM file with a certificate and its key, and no PFX file without a password", MllpCertificate.Fault(Write("noise.pfx", [1, 2, 3])), StringComparison.Ordinal);
        Assert.NotNull(MllpCertificate.Fault(Write("locked.pfx", _certificate.Export(X509ContentType.Pfx, "secret"))));
    }

    private string Pem() => Write("c.pem", System.Text.Encoding.ASCII.GetBytes($"{_certificate.ExportCertificatePem()}\n{_certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n"));

    private string Write(string name, byte[] bytes)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}

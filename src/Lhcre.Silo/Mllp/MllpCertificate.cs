using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Lhcre.Silo.Mllp;

/// <summary>The certificate that the listeners show: a PEM file that holds the certificate and its key, or a PFX file without a password.</summary>
internal static class MllpCertificate
{
    /// <summary>Reads it.</summary>
    /// <exception cref="CryptographicException">It holds no certificate with its private key.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static X509Certificate2 Load(string file)
    {
        var certificate = File.ReadAllBytes(file).AsSpan().IndexOf("-----BEGIN "u8) >= 0
            ? X509Certificate2.CreateFromPemFile(file)
            : X509CertificateLoader.LoadPkcs12FromFile(file, null);
        if (certificate.HasPrivateKey)
            return certificate;
        certificate.Dispose();
        throw new CryptographicException("There is no private key beside the certificate.");
    }

    /// <summary>What is wrong with a file; null where nothing is.</summary>
    public static string? Fault(string file)
    {
        try
        {
            Load(file).Dispose();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return failure is CryptographicException ? $"{file} is no PEM file with a certificate and its key, and no PFX file without a password: {failure.Message}" : failure.Message;
        }
    }
}

package io.countersign.service.collateral;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a file, beside those that Java trusts: authorities, which vouch for host names as usual, and servers'
 * own certificates, which the operator has named and which therefore need no host name. A PCCS makes itself such a one when
 * it is installed. Nothing here trusts what the file does not hold.
 */
final class AddedTrust extends X509ExtendedTrustManager {
    private static final String KEY = "countersign.collateral.intel-tls.ca-certificates";

    private final X509ExtendedTrustManager javas;
    private final X509ExtendedTrustManager added;
    private final Set<Certificate> inFile;

    private AddedTrust(Collection<? extends Certificate> inFile) throws GeneralSecurityException, IOException {
        this.javas = manager(null);
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : inFile) {
            store.setCertificateEntry("added-" + number++, certificate);
        }
        this.added = manager(store);
        this.inFile = Set.copyOf(inFile);
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("Java has no X.509 trust manager"));
    }

    static SSLContext context(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("%s: %s holds no certificate in PEM".formatted(KEY, pem));
            }
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AddedTrust(certificates)}, null);
            return context;
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: %s cannot be read".formatted(KEY, pem), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("%s: %s is not a file of certificates in PEM".formatted(KEY, pem), e);
        }
    }

    private boolean named(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || !inFile.contains(chain[0])) {
            return false;
        }
        chain[0].checkValidity();
        return true;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (named(chain)) {
            return;
        }
        try {
            javas.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException _) {
            added.checkServerTrusted(chain, authType, engine);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (named(chain)) {
            return;
        }
        try {
            javas.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException _) {
            added.checkServerTrusted(chain, authType, socket);
        }
    }

    /** Without a connection no host name can be checked, so nothing is trusted. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server is trusted for a connection only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noClients();
    }

    private static CertificateException noClients() {
        return new CertificateException("nobody connects to this service through this");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return Stream.of(javas, added)
                .flatMap(manager -> Stream.of(manager.getAcceptedIssuers()))
                .collect(Collectors.toUnmodifiableSet())
                .toArray(X509Certificate[]::new);
    }
}

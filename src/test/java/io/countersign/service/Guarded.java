package io.countersign.service;

import com.nimbusds.jose.jwk.Curve;
import io.countersign.service.access.Issuer;
import io.countersign.testkit.TlsAuthority;
import io.countersign.testkit.TlsAuthority.Purpose;
import io.countersign.testkit.TlsAuthority.Wish;
import io.countersign.verifier.bytes.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** The laboratory with roles, and callers that are known by secrets, certificates and an issuer's tokens. */
public class Guarded extends Laboratory {
    /** One caller for each role, and one that has none, each with a secret of its own. */
    static String secret(String caller) {
        return (caller + "_").repeat(8).substring(0, 43);
    }

    static final String SPIFFE = "spiffe://example.org/ns/kms";

    /** Where the certificates and keys of this run are. */
    static Path folder(String jwksFile) {
        return Objects.requireNonNull(Path.of(jwksFile).getParent());
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = super.getConfigOverrides();
        Path folder = Temporary.folder("guarded");
        write(folder);
        settings.put("quarkus.http.test-ssl-port", String.valueOf(Temporary.freePort()));
        settings.put(
                "quarkus.tls.key-store.pem.0.cert", folder.resolve("server.pem").toString());
        settings.put(
                "quarkus.tls.key-store.pem.0.key", folder.resolve("server.key").toString());
        settings.put(
                "quarkus.tls.trust-store.pem.certs",
                folder.resolve("callers-ca.pem").toString());
        caller(settings, "attester", "attest");
        caller(settings, "reader", "read-policies");
        caller(settings, "operator", "operate");
        caller(settings, "auditor", "attest,read-policies");
        settings.put("countersign.callers.roleless.secret-sha256", sha256("roleless"));
        settings.put("countersign.callers.roleless.audiences", "kms");
        settings.put("countersign.callers.by-name.certificate-san", "URI:" + SPIFFE);
        settings.put("countersign.callers.by-name.roles", "attest");
        settings.put("countersign.callers.by-token.oidc-subject", Issuer.SUBJECT);
        settings.put("countersign.callers.by-token.roles", "read-policies");
        settings.put("countersign.access.oidc.issuer", Issuer.NAME);
        settings.put("countersign.access.oidc.audience", Issuer.AUDIENCE);
        settings.put(
                "countersign.access.oidc.jwks-file", folder.resolve("jwks.json").toString());
        return settings;
    }

    private static void caller(Map<String, String> settings, String name, String role) {
        settings.put("countersign.callers." + name + ".secret-sha256", sha256(name));
        settings.put("countersign.callers." + name + ".roles", role);
    }

    private static String sha256(String caller) {
        return Bytes.utf8(secret(caller)).sha256().toString();
    }

    private static void write(Path folder) {
        var servers = new TlsAuthority("servers ca");
        var callers = new TlsAuthority("callers ca");
        var others = new TlsAuthority("others ca");
        Instant now = Instant.now();
        Temporary.file(folder, "servers-ca.pem", servers.pem());
        Temporary.file(folder, "callers-ca.pem", callers.pem());
        Temporary.file(folder, "others-ca.pem", others.pem());
        servers.make(Wish.server()).write(folder, "server");
        callers.make(Wish.client("kms").uris(SPIFFE)).write(folder, "mapped");
        callers.make(Wish.client("kms").uris(SPIFFE + "/other")).write(folder, "unmapped");
        callers.make(Wish.client("kms").uris(SPIFFE).purpose(Purpose.SERVER)).write(folder, "for-servers");
        callers.make(Wish.client("kms")
                        .uris(SPIFFE)
                        .between(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1))))
                .write(folder, "expired");
        callers.make(Wish.client("kms")
                        .uris(SPIFFE)
                        .between(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2))))
                .write(folder, "not-yet");
        others.make(Wish.client("kms").uris(SPIFFE)).write(folder, "of-others");
        var key = Issuer.ec(Curve.P_256, "issuer-1");
        Temporary.file(folder, "issuer.jwk", key.toJSONString());
        Temporary.file(folder, "jwks.json", Issuer.jwks(key));
    }
}

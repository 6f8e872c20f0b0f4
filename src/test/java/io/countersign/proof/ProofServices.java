package io.countersign.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two services that know nothing of each other but say the same issuer, and a machine that both believe.
 *
 * @param other has a signing key of its own
 */
record ProofServices(Attester attester, PackagedService service, PackagedService other, Publisher publisher)
        implements AutoCloseable {
    static final String OF_TYPE_JWT = "https://spring.example";
    static final String ANOTHER_AUDIENCE = "https://another.example";
    static final String LEGACY = "https://legacy.example";

    private static final Map<String, String> SETTINGS = Map.of(
            "countersign.issuer",
            "http://127.0.0.1:${quarkus.http.port}",
            "countersign.audiences.spring.uri",
            OF_TYPE_JWT,
            "countersign.audiences.spring.policies",
            PackagedService.POLICY,
            "countersign.audiences.spring.typ",
            "JWT",
            "countersign.audiences.another.uri",
            ANOTHER_AUDIENCE,
            "countersign.audiences.another.policies",
            PackagedService.POLICY,
            "countersign.audiences.legacy.uri",
            LEGACY,
            "countersign.audiences.legacy.policies",
            PackagedService.POLICY,
            "countersign.audiences.legacy.dialect",
            "ear-legacy");

    static ProofServices start() throws IOException, InterruptedException, JOSEException {
        Attester attester = Attester.start();
        PackagedService service = one(attester);
        try {
            var settings = new TreeMap<>(SETTINGS);
            settings.put("countersign.issuer", service.address().toString());
            var other = PackagedService.start(attester.amd(), settings);
            return new ProofServices(attester, service, other, Publisher.discover(service.address() + "/insecure"));
        } catch (IOException | InterruptedException | RuntimeException e) {
            service.close();
            throw e;
        }
    }

    /** A service with all these audiences, whose issuer is its own address. */
    static PackagedService one(Attester attester) throws IOException, InterruptedException {
        return PackagedService.start(attester.amd(), SETTINGS);
    }

    String token(String audience) throws IOException, InterruptedException {
        return attester.token(service, audience);
    }

    /** A token of the other service for that audience. */
    String foreign(String audience) throws IOException, InterruptedException {
        return attester.token(other, audience);
    }

    /** The service's own private key, to make tokens with that it would never make. */
    ECKey stolenKey(String token) throws IOException {
        return Publisher.stolen(service, Jws.of(token).keyId());
    }

    @Override
    public void close() {
        service.close();
        other.close();
    }
}

package io.countersign.examples.ohttp;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A client that encrypts only to a key which genuine hardware with the expected software holds. Where its key configuration and
 * token came from does not matter for that, so the gateway's own address need not be trusted.
 */
public final class Client implements AutoCloseable {
    private static final int LONGEST_CONFIG = 4 * 1024;
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final int LONGEST_RESPONSE = 4 * 1024 * 1024;

    private final URI gateway;
    private final URI relay;
    private final InstantSource clock;
    private final Web web = new Web();
    private final TokenVerifier verifier;

    private Optional<AttestedConfig> known = Optional.empty();

    /**
     * Makes a client that has not asked anybody yet.
     *
     * @param gateway where key configuration and token are served, without a path
     * @param relay where encapsulated requests go: see README.md on who should run it
     */
    public Client(URI gateway, URI relay, Expectations expected, InstantSource clock) {
        Web.demandSafe(gateway);
        Web.demandSafe(relay);
        this.gateway = gateway;
        this.relay = relay;
        this.clock = clock;
        this.verifier = new TokenVerifier(web, expected);
    }

    /** Sends a request in binary HTTP (RFC 9292) and gives back the response in the same form. */
    public synchronized byte[] ask(byte[] request) throws RefusedException, IOException, InterruptedException {
        SealedRequest sealed = attested().seal(request);
        byte[] answer;
        try {
            answer = web.post(relay, MediaType.REQUEST, sealed.message(), MediaType.RESPONSE, LONGEST_RESPONSE);
        } catch (IOException e) {
            // Perhaps the gateway no longer has the key (RFC 9458 section 5.3): the next request looks again.
            known = Optional.empty();
            throw e;
        }
        try {
            return sealed.open(answer);
        } catch (MalformedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What is encrypted to: checked now, or before and within the life of its token. */
    public synchronized AttestedConfig attested() throws RefusedException, IOException, InterruptedException {
        if (known.isEmpty() || !clock.instant().isBefore(known.get().expires())) {
            known = Optional.empty();
            known = Optional.of(check());
        }
        return known.get();
    }

    private AttestedConfig check() throws RefusedException, IOException, InterruptedException {
        List<KeyConfig> served;
        try {
            served = KeyConfig.parseList(
                    web.get(gateway.resolve(MediaType.GATEWAY_PATH), MediaType.KEYS, LONGEST_CONFIG));
        } catch (MalformedException e) {
            throw new RefusedException("The gateway's key configurations cannot be read. " + e.getMessage());
        }
        String token = new String(
                web.get(gateway.resolve(MediaType.TOKEN_PATH), MediaType.TOKEN, LONGEST_TOKEN),
                StandardCharsets.US_ASCII);
        return AttestedConfig.choose(served, verifier.verify(token.strip(), clock.instant()));
    }

    @Override
    public void close() {
        web.close();
    }
}

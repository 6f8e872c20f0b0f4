package io.countersign.examples.ohttp;

import com.nimbusds.jose.jwk.Curve;
import io.countersign.examples.ohttp.Expectations.Machines;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gateway, relay and client in one process, with a stand-in for Countersign: one request that is answered, one that is never sent. */
final class Story {
    private static final String QUESTION = "What does this rash mean?";

    private final PrintStream out;

    Story(PrintStream out) {
        this.out = out;
    }

    /** Says whether everything went as told. */
    boolean tell() throws IOException, InterruptedException {
        try (var issuer = StandInIssuer.start(Curve.P_256)) {
            GatewayKey key = GatewayKey.generate(1, Kem.X25519);
            say("The gateway made its key inside the TEE", key.attestedJwk().toJSONString());
            String token = issuer.attest(key.attestedJwk());
            say("Countersign (a stand-in) attested it", "cnf.jwk has the thumbprint " + key.thumbprint());
            return honest(issuer, key, token) && hostile(issuer, token);
        }
    }

    private boolean honest(StandInIssuer issuer, GatewayKey key, String token)
            throws IOException, InterruptedException {
        try (var gateway = Gateway.start(0, List.of(key), () -> Optional.of(token), Story::reply);
                var relay = Relay.start(gateway.address());
                var client = client(issuer, gateway.address(), relay)) {
            byte[] answer = client.ask(question());
            say("The client checked all this, and asked", QUESTION);
            say("The relay passed on what it cannot read", relay.seen().getFirst().length + " bytes");
            say("The gateway answered", BinaryHttp.Response.parse(answer).content());
            return true;
        } catch (RefusedException | MalformedException e) {
            say("Not as it should be", e.getMessage());
            return false;
        }
    }

    /** Somebody between client and gateway puts in a key of their own, and shows the gateway's genuine token. */
    private boolean hostile(StandInIssuer issuer, String token) throws IOException, InterruptedException {
        GatewayKey other = GatewayKey.generate(1, Kem.X25519);
        try (var gateway = Gateway.start(0, List.of(other), () -> Optional.of(token), Story::reply);
                var relay = Relay.start(gateway.address());
                var client = client(issuer, gateway.address(), relay)) {
            client.ask(question());
            say("Not as it should be", "a key that nobody attested was encrypted to");
            return false;
        } catch (RefusedException e) {
            say("Another key with the same token", "refused, and nothing was encrypted. " + e.getMessage());
            return true;
        }
    }

    private static Client client(StandInIssuer issuer, URI gateway, Relay relay) {
        var expected = new Expectations(
                issuer.address(),
                StandInIssuer.AUDIENCE,
                StandInIssuer.POLICY,
                Optional.of(StandInIssuer.DIGEST),
                Machines.LABORATORY_TOO);
        return new Client(gateway, relay.address(), expected, InstantSource.system());
    }

    /** What a model server would say, inside the same TEE. */
    static byte[] reply(byte[] request) throws MalformedException {
        BinaryHttp.Request asked = BinaryHttp.Request.parse(request);
        String answer = asked.method() + " " + asked.path() + " came with "
                + asked.content().length() + " characters, read inside the TEE alone";
        return new BinaryHttp.Response(200, answer).encode();
    }

    private static byte[] question() {
        return new BinaryHttp.Request("POST", "https", "inference.example", "/v1/ask", QUESTION).encode();
    }

    private void say(String what, @Nullable String detail) {
        out.printf("%-41s %s%n", what + ":", detail);
    }
}

package io.countersign.insecure;

import io.countersign.verifier.tee.tdx.PckCa;
import java.security.SecureRandom;
import java.util.function.Function;

/**
 * The keys of one software Intel and its one machine.
 *
 * @param attestation the quoting enclave's own key, which signs quotes
 */
public record IntelKeys(
        P256Key root,
        P256Key platformCa,
        P256Key processorCa,
        P256Key tcbSigner,
        P256Key platformPck,
        P256Key processorPck,
        P256Key attestation) {
    /** Keys that live in memory only. */
    public static IntelKeys fresh(SecureRandom random) {
        return from(_ -> P256Key.from(random));
    }

    /** Every key by its name. */
    public static IntelKeys from(Function<String, P256Key> named) {
        return new IntelKeys(
                named.apply("root"),
                named.apply("platform-ca"),
                named.apply("processor-ca"),
                named.apply("tcb-signer"),
                named.apply("platform-pck"),
                named.apply("processor-pck"),
                named.apply("attestation"));
    }

    public P256Key ca(PckCa ca) {
        return switch (ca) {
            case PLATFORM -> platformCa;
            case PROCESSOR -> processorCa;
        };
    }

    public P256Key pck(PckCa ca) {
        return switch (ca) {
            case PLATFORM -> platformPck;
            case PROCESSOR -> processorPck;
        };
    }
}

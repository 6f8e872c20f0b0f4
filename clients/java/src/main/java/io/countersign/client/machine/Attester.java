package io.countersign.client.machine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.client.Answer;
import io.countersign.client.AttestationOutcome;
import io.countersign.client.AttestationOutcome.Misconfigured;
import io.countersign.client.AttestationOutcome.Unavailable;
import io.countersign.client.Attestations;
import io.countersign.client.AttestedKey;
import io.countersign.client.Bytes;
import io.countersign.client.Http;
import io.countersign.client.ServiceAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Gets a token for this machine. Each attempt asks for a challenge of its own, lets the devices answer it, makes the CPU's report
 * last, and posts. An attempt that found nobody is repeated after a pause; a refusal is not.
 */
public final class Attester {
    /** The same request is sent this often when its answer is lost: the service remembers it by its idempotency key. */
    private static final int SENDINGS = 3;

    private final Attestations service;
    private final Machine machine;
    private final Errand errand;
    private final Timing timing;

    /**
     * What is asked for.
     *
     * @param audience the relying party, by the URI under which the service knows it
     * @param policy one of the audience's; its first when empty
     * @param policyDigest the content that the policy must have
     * @param key becomes the token's {@code cnf}
     * @param patience for how long attempts are repeated
     */
    public record Errand(
            String audience,
            Optional<String> policy,
            Optional<String> policyDigest,
            Optional<AttestedKey> key,
            Duration patience) {
        /** For the audience's first policy, bound to the key, with two minutes of patience. */
        public static Errand of(String audience, AttestedKey key) {
            return new Errand(audience, Optional.empty(), Optional.empty(), Optional.of(key), Duration.ofMinutes(2));
        }
    }

    public Attester(ServiceAddress service, Http http, Machine machine, Errand errand) {
        this(new Attestations(http, service, InstantSource.system()), machine, errand, Timing.real());
    }

    Attester(Attestations service, Machine machine, Errand errand, Timing timing) {
        this.service = service;
        this.machine = machine;
        this.errand = errand;
        this.timing = timing;
    }

    /** Attests, repeating what can be repeated, until there is an end or no patience is left. */
    public AttestationOutcome attest() {
        var backOff = new BackOff(timing, errand.patience());
        while (true) {
            AttestationOutcome outcome = attempt();
            if (!(outcome instanceof Unavailable unavailable)
                    || backOff.pause(unavailable.retryAfter()) == BackOff.Left.NOTHING) {
                return outcome;
            }
        }
    }

    private AttestationOutcome attempt() {
        Attestations.Challenge challenge = service.challenge(errand.audience(), errand.policy());
        if (challenge instanceof Attestations.Challenge.NotGiven notGiven) {
            return notGiven.outcome();
        }
        Bytes nonce = ((Attestations.Challenge.Given) challenge).nonce();
        try {
            return service.outcome(send(request(nonce)));
        } catch (MachineException e) {
            return switch (e.remedy()) {
                case CHANGE -> new Misconfigured(e.what(), e.hint());
                case RETRY -> new Unavailable(Unavailable.Cause.BUSY, e.what(), e.hint(), Optional.empty());
            };
        }
    }

    /** Devices before the CPU: its report vouches for their answers. Contract, section 6. */
    private ObjectNode request(Bytes nonce) throws MachineException {
        Bytes thumbprint = errand.key().map(AttestedKey::thumbprint).orElseGet(() -> Bytes.of(new byte[0]));
        var binding = new Binding(nonce, thumbprint);
        List<Device> devices = machine.devices(binding.deviceNonce());
        Cpu cpu = machine.cpu(binding.reportData(devices));
        return RequestForm.of(errand, nonce, cpu, devices);
    }

    private Answer send(ObjectNode request) {
        String idempotencyKey = UUID.randomUUID().toString();
        Answer answer = service.attest(request, idempotencyKey, Optional.empty());
        for (int sent = 1; sent < SENDINGS && isLost(answer); sent++) {
            if (timing.pause(BackOff.FIRST) == Timing.Pause.STOPPED) {
                break;
            }
            answer = service.attest(request, idempotencyKey, Optional.empty());
        }
        return answer;
    }

    /** Nobody knows whether a token was made; the same request again gets that very token. */
    private static boolean isLost(Answer answer) {
        return answer instanceof Answer.None none && none.sent() == Http.Sent.PERHAPS;
    }
}

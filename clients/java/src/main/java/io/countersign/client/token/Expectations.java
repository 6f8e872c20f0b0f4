package io.countersign.client.token;

import io.countersign.client.Bytes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a relying party expects beyond a genuine, favourable, unexpired token of its own. Unsaid, the strict choice counts: status
 * {@code affirming}, a challenge of the service as nonce, a pinned workload, no debugging, no laboratory issuer.
 */
public final class Expectations {
    final Optional<String> policy;
    final Optional<String> policyDigest;
    final Set<String> tees;
    final OptionalInt gpus;
    final Optional<Bytes> nonce;
    final Optional<Duration> maxAge;
    final Set<Demand> demands;
    final Set<Allowance> allowances;

    enum Demand {
        KEY_BOUND
    }

    enum Allowance {
        WARNING,
        INSECURE,
        DEBUG,
        ANY_WORKLOAD
    }

    private Expectations(
            Optional<String> policy,
            Optional<String> policyDigest,
            Set<String> tees,
            OptionalInt gpus,
            Optional<Bytes> nonce,
            Optional<Duration> maxAge,
            Set<Demand> demands,
            Set<Allowance> allowances) {
        this.policy = policy;
        this.policyDigest = policyDigest;
        this.tees = Set.copyOf(tees);
        this.gpus = gpus;
        this.nonce = nonce;
        this.maxAge = maxAge;
        this.demands = Set.copyOf(demands);
        this.allowances = Set.copyOf(allowances);
    }

    /** The strict choices and nothing beyond. */
    public static Expectations strict() {
        return new Expectations(
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Set.of());
    }

    /** The policy that the token was made under. */
    public Expectations policy(String id) {
        return new Expectations(Optional.of(id), policyDigest, tees, gpus, nonce, maxAge, demands, allowances);
    }

    /** The exact content of that policy and of everything it draws in: {@code sha256:} and 64 hex digits. */
    public Expectations policyDigest(String digest) {
        if (!digest.matches("sha256:[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "a policy digest is sha256: and 64 lower-case hex digits, not " + digest);
        }
        return new Expectations(policy, Optional.of(digest), tees, gpus, nonce, maxAge, demands, allowances);
    }

    /** One of these: {@code sev-snp}, {@code tdx}, {@code sgx}. */
    public Expectations tee(String... anyOf) {
        return new Expectations(policy, policyDigest, Set.of(anyOf), gpus, nonce, maxAge, demands, allowances);
    }

    /** Exactly so many GPUs. */
    public Expectations gpus(int count) {
        return new Expectations(policy, policyDigest, tees, OptionalInt.of(count), nonce, maxAge, demands, allowances);
    }

    /** The evidence committed to a key, which the token names: demand it before wrapping a secret to that key. */
    public Expectations keyBound() {
        return new Expectations(policy, policyDigest, tees, gpus, nonce, maxAge, Set.of(Demand.KEY_BOUND), allowances);
    }

    /** The relying party's own nonce instead of the service's challenge: background check. */
    public Expectations nonce(Bytes own) {
        return new Expectations(policy, policyDigest, tees, gpus, Optional.of(own), maxAge, demands, allowances);
    }

    /** Issued no longer ago than this. */
    public Expectations maxAge(Duration age) {
        return new Expectations(policy, policyDigest, tees, gpus, nonce, Optional.of(age), demands, allowances);
    }

    /** Takes the status {@code warning}, too, where the policy makes tokens of it. */
    public Expectations allowWarning() {
        return allow(Allowance.WARNING);
    }

    /** Takes tokens of laboratories, which prove nothing. */
    public Expectations dangerouslyAllowInsecure() {
        return allow(Allowance.INSECURE);
    }

    /** Takes guests whose memory the host may read. */
    public Expectations dangerouslyAllowDebug() {
        return allow(Allowance.DEBUG);
    }

    /** Takes policies that pin no workload: any software on genuine hardware. */
    public Expectations dangerouslyAllowAnyWorkload() {
        return allow(Allowance.ANY_WORKLOAD);
    }

    private Expectations allow(Allowance more) {
        var all = new java.util.HashSet<>(allowances);
        all.add(more);
        return new Expectations(policy, policyDigest, tees, gpus, nonce, maxAge, demands, all);
    }
}

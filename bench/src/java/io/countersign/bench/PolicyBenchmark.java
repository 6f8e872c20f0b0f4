package io.countersign.bench;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.cases.Cases;
import io.countersign.service.ops.RememberedFacts;
import io.countersign.service.ops.SignatureProvider;
import io.countersign.service.policies.ShippedPolicies;
import io.countersign.service.wiring.Tees;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.policy.PolicyTrial;
import io.countersign.verifier.policy.TrialException;
import io.countersign.verifier.scheme.Schemes;
import io.countersign.verifier.trust.Signatures;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What judging costs beside verifying: {@code rules} evaluates all of confidential-gpu on an SEV-SNP guest with eight GPUs that are
 * authenticated already; {@code signatures} is the floor, one P-384 verification for each of the nine reports.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PolicyBenchmark {
    private static final int REPORTS = 9;
    private static final byte[] SIGNED = new byte[672];

    private final SignatureProvider provider = SignatureProvider.fastest();
    private Optional<AppraisalPolicy> policy = Optional.empty();
    private Optional<Case> machine = Optional.empty();
    private Map<String, Authentication> authentications = Map.of();
    private Optional<PublicKey> key = Optional.empty();
    private byte[] signature = new byte[0];

    @Setup
    public void prepare() throws CaseException, GeneralSecurityException {
        Signatures signatures = Signatures.by(provider.provider());
        Schemes schemes = Tees.schemes(Tees.vendorAnchors(), signatures, new RememberedFacts(1000));
        PolicyReading reading = Tees.policyParser(schemes)
                .parseAll(ShippedPolicies.texts())
                .get(ShippedPolicies.file("confidential-gpu"));
        if (!(reading instanceof PolicyReading.Accepted accepted)) {
            throw new IllegalStateException("confidential-gpu does not load: " + reading);
        }
        policy = Optional.of(accepted.policy());
        Case found = Cases.shipped(laboratory ->
                        Tees.schemes(Tees.vendorAnchors().and(laboratory), signatures, new RememberedFacts(1000)))
                .find("fixture:nvidia-gpu/snp-and-8-gpus");
        machine = Optional.of(found);
        authentications = new Verifier()
                .authenticate(
                        found.evidence(), found.inHand(), accepted.policy().tolerances(), found.binding(), found.at());
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        var pair = generator.generateKeyPair();
        var signer = Signature.getInstance("SHA384withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update(SIGNED);
        signature = signer.sign();
        key = Optional.of(pair.getPublic());
    }

    /** Every rule of the policy on every device, and what holds between them. */
    @Benchmark
    public Object rules() throws TrialException {
        Case found = machine.orElseThrow();
        return PolicyTrial.judge(
                policy.orElseThrow(),
                found.evidence(),
                authentications,
                found.binding(),
                found.at(),
                PolicyTrial.Overrides.none());
    }

    /** The floor: as many signatures as there are reports. */
    @Benchmark
    public int signatures() throws GeneralSecurityException {
        int valid = 0;
        for (int i = 0; i < REPORTS; i++) {
            var verifier = Signature.getInstance("SHA384withECDSA", provider.provider());
            verifier.initVerify(key.orElseThrow());
            verifier.update(SIGNED);
            valid += verifier.verify(signature) ? 1 : 0;
        }
        if (valid != REPORTS) {
            throw new IllegalStateException("a signature did not verify");
        }
        return valid;
    }
}

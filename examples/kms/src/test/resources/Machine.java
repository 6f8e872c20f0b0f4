import io.countersign.insecure.DemoAttester;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A confidential machine in software. Compiled and run by SoftwareMachine of the tests against the classes of the packaged
 * Countersign, and shares only types of the JDK with them: the example depends on Countersign over HTTP alone.
 */
public final class Machine implements Supplier<Map<String, String>>, BiFunction<byte[], byte[], Map<String, String>> {
    private final DemoAttester amd = DemoAttester.start(new SecureRandom(), Instant.now());

    /** What a laboratory trusts, and a policy pins. */
    @Override
    public Map<String, String> get() {
        return Map.of("anchors", amd.anchorsPem(), "measurement", amd.measurement().toString());
    }

    /** Evidence that commits to this nonce and the thumbprint of a key. */
    @Override
    public Map<String, String> apply(byte[] nonce, byte[] thumbprint) {
        var binding = new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.copyOf(nonce), Bytes.copyOf(thumbprint));
        var members = amd.attest(binding.expectedReportData(List.of()).orElseThrow(), UnaryOperator.identity());
        return Map.of(
                "report", members.report(),
                "certificates", members.certificates(),
                "crl", members.crl(),
                "binding", binding.method().word());
    }
}

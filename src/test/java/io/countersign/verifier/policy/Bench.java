package io.countersign.verifier.policy;

import io.countersign.service.policies.ShippedPolicies;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.check.CheckReport;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.check.SpecRef;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.result.AttestationResult;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.DeviceClass;
import io.countersign.verifier.scheme.Evidence;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.Submodule;
import io.countersign.verifier.tee.nvgpu.GpuCheck;
import io.countersign.verifier.trust.EndorsementRef;
import io.countersign.verifier.trust.Endorsements;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hand-made evidence, claims and vocabulary for judging policies without any real TEE. */
final class Bench {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final String MEASUREMENT = "5f".repeat(48);
    static final String OTHER_MEASUREMENT = "6a".repeat(48);
    static final Binding BOUND =
            new Binding(BindingMethod.COUNTERSIGN_V1, Bytes.utf8("a nonce of 32 bytes, as it seems"), Bytes.empty());

    /** The checks of the hand-made scheme. */
    enum FakeCheck implements CheckId {
        SIGNATURE("fake.signature"),
        REVOCATION("fake.revocation"),
        BINDING("fake.binding"),
        TCB("fake.tcb"),
        /** Evidence may leave it out, as a TD's event log. */
        EVENT_LOG("fake.event-log");

        private final String code;

        FakeCheck(String code) {
            this.code = code;
        }

        @Override
        public String code() {
            return code;
        }

        @Override
        public String summary() {
            return "It holds.";
        }

        @Override
        public SpecRef spec() {
            return new SpecRef("none", "none");
        }

        @Override
        public boolean waivableWhenUndetermined() {
            return this == REVOCATION;
        }

        @Override
        public Kind kind() {
            return concern().isPresent() ? Kind.APPRAISAL : Kind.AUTHENTICITY;
        }

        @Override
        public Optional<Concern> concern() {
            return switch (this) {
                case TCB -> Optional.of(Concern.HARDWARE);
                case EVENT_LOG -> Optional.of(Concern.EXECUTABLES);
                case SIGNATURE, REVOCATION, BINDING -> Optional.empty();
            };
        }

        @Override
        public boolean blocksWhenNotAsked() {
            return this != EVENT_LOG;
        }
    }

    /** A machine of one evidence type, with everything that it says. */
    record Machine(String name, String type, ClaimCatalogue catalogue, Map<String, Object> claims) {
        Machine {
            claims = Map.copyOf(claims);
        }

        Machine with(String path, Object value) {
            var changed = new LinkedHashMap<>(claims);
            changed.put(path, value);
            return new Machine(name, type, catalogue, changed);
        }

        Machine without(String path) {
            var changed = new LinkedHashMap<>(claims);
            changed.remove(path);
            return new Machine(name, type, catalogue, changed);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final ClaimCatalogue SNP = new ClaimCatalogue(List.of(
            define("tee", new ClaimType.Text()),
            define("debug", new ClaimType.Flag()),
            define("migratable", new ClaimType.Flag()),
            define("launch_measurement", new ClaimType.Hex(48)),
            define("host_data", new ClaimType.Hex(32)),
            define("snp.version", new ClaimType.UnsignedInteger()),
            define("snp.product", new ClaimType.Text()),
            define("snp.cpuid_family", new ClaimType.UnsignedInteger()),
            define("snp.cpuid_model", new ClaimType.UnsignedInteger()),
            define("snp.cpuid_stepping", new ClaimType.UnsignedInteger()),
            define("snp.vmpl", new ClaimType.UnsignedInteger()),
            define("snp.measurement", new ClaimType.Hex(48)),
            define("snp.id_key_digest", new ClaimType.Hex(48)),
            define("snp.guest_svn", new ClaimType.UnsignedInteger()),
            define("snp.policy.debug", new ClaimType.Flag()),
            define("snp.platform_info.alias_check_complete", new ClaimType.Flag()),
            define("snp.reported_tcb.snp", new ClaimType.UnsignedInteger()),
            define("snp.committed_tcb.snp", new ClaimType.UnsignedInteger()),
            define("snp.launch_tcb.snp", new ClaimType.UnsignedInteger()),
            define("snp.current_version", new ClaimType.Version()),
            define("snp.launch_mit_vector", new ClaimType.Hex(8)),
            define("snp.made", new ClaimType.Time()),
            define("snp.notes", new ClaimType.TextList())));
    static final ClaimCatalogue TDX = new ClaimCatalogue(List.of(
            define("tee", new ClaimType.Text()),
            define("debug", new ClaimType.Flag()),
            define("migratable", new ClaimType.Flag()),
            define("launch_measurement", new ClaimType.Hex(48)),
            define("tdx.mr_td", new ClaimType.Hex(48)),
            define("tdx.rtmr0", new ClaimType.Hex(48)),
            define("tdx.rtmr1", new ClaimType.Hex(48)),
            define("tdx.rtmr2", new ClaimType.Hex(48)),
            define("tdx.rtmr3", new ClaimType.Hex(48)),
            define("tdx.event_log.root_hash", new ClaimType.Text()),
            define("tdx.event_log.kernel_digest", new ClaimType.Hex(48)),
            define("tdx.event_log.dstack.compose_hash", new ClaimType.Text()),
            define("tdx.tcb_status", new ClaimType.Text()),
            define("tdx.td_report", new ClaimType.Text()),
            define("tdx.seam_attributes", new ClaimType.Hex(8)),
            define("tdx.td_attribute_names", new ClaimType.TextList()),
            define("tdx.td_attributes_unknown", new ClaimType.TextList()),
            define("tdx.service_td_bound", new ClaimType.Flag()),
            define("tdx.tcb_evaluation_outdated", new ClaimType.Flag())));
    static final ClaimCatalogue SGX = new ClaimCatalogue(List.of(
            define("tee", new ClaimType.Text()),
            define("debug", new ClaimType.Flag()),
            define("migratable", new ClaimType.Flag()),
            define("launch_measurement", new ClaimType.Hex(32)),
            define("sgx.mr_enclave", new ClaimType.Hex(32)),
            define("sgx.mr_signer", new ClaimType.Hex(32)),
            define("sgx.isv_svn", new ClaimType.UnsignedInteger()),
            define("sgx.tcb_evaluation_outdated", new ClaimType.Flag())));
    static final ClaimCatalogue GPU = Devices.GPU;
    static final ClaimVocabulary SNP_ONLY =
            new ClaimVocabulary(List.of(new ClaimVocabulary.Source("sev-snp", DeviceClass.CPU, SNP)));
    static final ClaimVocabulary VOCABULARY = new ClaimVocabulary(List.of(
            new ClaimVocabulary.Source("sev-snp", DeviceClass.CPU, SNP),
            new ClaimVocabulary.Source("tdx", DeviceClass.CPU, TDX),
            new ClaimVocabulary.Source("sgx", DeviceClass.CPU, SGX),
            new ClaimVocabulary.Source("nvidia-gpu", DeviceClass.GPU, GPU),
            new ClaimVocabulary.Source("nvidia-nvswitch", DeviceClass.NVSWITCH, Devices.NVSWITCH)));
    static final PolicyParser PARSER = new PolicyParser(
            VOCABULARY,
            Stream.<CheckId>concat(Stream.of(FakeCheck.values()), Stream.of(GpuCheck.values()))
                    .collect(Collectors.toUnmodifiableSet()));

    private Bench() {}

    private static ClaimDefinition define(String path, ClaimType type) {
        return new ClaimDefinition(path, type, "A claim.");
    }

    /** What a current Milan machine says. */
    static Map<String, Object> milan() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("tee", "sev-snp");
        claims.put("debug", false);
        claims.put("migratable", false);
        claims.put("launch_measurement", hex(MEASUREMENT));
        claims.put("host_data", hex("00".repeat(32)));
        claims.put("snp.version", 3L);
        claims.put("snp.product", "Milan");
        claims.put("snp.vmpl", 0L);
        claims.put("snp.measurement", hex(MEASUREMENT));
        claims.put("snp.id_key_digest", hex("0a".repeat(48)));
        claims.put("snp.policy.debug", false);
        claims.put("snp.platform_info.alias_check_complete", true);
        claims.put("snp.reported_tcb.snp", 24L);
        claims.put("snp.committed_tcb.snp", 24L);
        claims.put("snp.launch_tcb.snp", 24L);
        claims.put("snp.current_version", "1.55.29");
        claims.put("snp.launch_mit_vector", hex("000000000000003f"));
        claims.put("snp.made", NOW);
        claims.put("snp.notes", List.of("a", "b"));
        return claims;
    }

    static Machine milanMachine() {
        return new Machine("Milan", "sev-snp", SNP, milan());
    }

    /** What a current TD says that a TDX 1.5 module reports on. */
    static Machine td() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("tee", "tdx");
        claims.put("debug", false);
        claims.put("migratable", false);
        claims.put("launch_measurement", hex(MEASUREMENT));
        claims.put("tdx.mr_td", hex(MEASUREMENT));
        claims.put("tdx.rtmr0", hex("a0".repeat(48)));
        claims.put("tdx.rtmr1", hex("a1".repeat(48)));
        claims.put("tdx.rtmr2", hex("a2".repeat(48)));
        claims.put("tdx.rtmr3", hex("a3".repeat(48)));
        claims.put("tdx.tcb_status", "UpToDate");
        claims.put("tdx.td_report", "1.5");
        claims.put("tdx.seam_attributes", hex("00".repeat(8)));
        claims.put("tdx.td_attribute_names", List.of("SEPT_VE_DISABLE"));
        claims.put("tdx.td_attributes_unknown", List.of());
        claims.put("tdx.service_td_bound", false);
        claims.put("tdx.tcb_evaluation_outdated", false);
        return new Machine("TD", "tdx", TDX, claims);
    }

    /** What a current enclave says. */
    static Machine enclave() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("tee", "sgx");
        claims.put("debug", false);
        claims.put("migratable", false);
        claims.put("launch_measurement", hex("5f".repeat(32)));
        claims.put("sgx.mr_enclave", hex("5f".repeat(32)));
        claims.put("sgx.mr_signer", hex("6a".repeat(32)));
        claims.put("sgx.isv_svn", 2L);
        claims.put("sgx.tcb_evaluation_outdated", false);
        return new Machine("enclave", "sgx", SGX, claims);
    }

    static Bytes hex(String digits) {
        return Bytes.copyOf(java.util.HexFormat.of().parseHex(digits));
    }

    static Claims claims(ClaimCatalogue catalogue, Map<String, Object> values) {
        Claims.Builder builder = Claims.of(catalogue);
        values.forEach(builder::with);
        return builder.build();
    }

    static Authentication genuine(ClaimCatalogue catalogue, Map<String, Object> values) {
        return concluded(catalogue, values, Map.of());
    }

    /** Genuine but for the outcomes given. */
    static Authentication concluded(
            ClaimCatalogue catalogue, Map<String, Object> values, Map<FakeCheck, Outcome> otherwise) {
        var outcomes = new EnumMap<FakeCheck, Outcome>(FakeCheck.class);
        for (FakeCheck check : FakeCheck.values()) {
            outcomes.put(check, new Outcome.Passed("It holds."));
        }
        outcomes.putAll(otherwise);
        return Authentication.conclude(
                CheckReport.covering(FakeCheck.class, outcomes),
                () -> claims(catalogue, values),
                NOW.plusSeconds(86_400));
    }

    static Submodule submodule(String label, String type, DeviceClass deviceClass, ClaimCatalogue catalogue) {
        try {
            return Submodule.parse(
                    label,
                    new FakeScheme(type, deviceClass, catalogue),
                    new RawEvidence(Map.of("report", Bytes.utf8(label))));
        } catch (io.countersign.verifier.scheme.RefusedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }

    static Submodule snpCpu() {
        return submodule("cpu0", "sev-snp", DeviceClass.CPU, SNP);
    }

    static Submodule gpu(String label) {
        return submodule(label, "nvidia-gpu", DeviceClass.GPU, GPU);
    }

    static AttestationResult appraise(AppraisalPolicy policy, Authentication cpu) {
        return appraise(policy, cpu, BOUND);
    }

    static AttestationResult appraise(AppraisalPolicy policy, Authentication cpu, Binding binding) {
        return Appraiser.appraise(policy, new CompositeEvidence(List.of(snpCpu())), Map.of("cpu0", cpu), binding, NOW);
    }

    static AttestationResult appraise(AppraisalPolicy policy, Map<String, Object> claims) {
        return appraise(policy, genuine(SNP, claims));
    }

    static AttestationResult appraise(AppraisalPolicy policy, Machine machine) {
        return appraise(policy, machine, Map.of());
    }

    /** All that the machine says is genuine, and every check passed but for the outcomes given. */
    static AttestationResult appraise(AppraisalPolicy policy, Machine machine, Map<FakeCheck, Outcome> otherwise) {
        var cpu = submodule("cpu0", machine.type(), DeviceClass.CPU, machine.catalogue());
        return Appraiser.appraise(
                policy,
                new CompositeEvidence(List.of(cpu)),
                Map.of("cpu0", concluded(machine.catalogue(), machine.claims(), otherwise)),
                BOUND,
                NOW);
    }

    static Outcome ruleOutcome(AttestationResult result, String rule) {
        return result.rules().stream()
                .filter(each -> each.name().equals(rule))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no rule " + rule))
                .outcome();
    }

    static AppraisalPolicy accepted(String source, AppraisalPolicy... library) {
        PolicyReading reading = PARSER.parse(source, PolicyParser.Library.of(List.of(library), List.of(floors())));
        if (reading instanceof PolicyReading.Accepted accepted) {
            return accepted.policy();
        }
        throw new AssertionError(reading.rendered());
    }

    private static ValuesFile floors() {
        PolicyReading reading = PARSER.parse(shipped("amd-tcb-floors"), PolicyParser.Library.empty());
        if (reading instanceof PolicyReading.AcceptedValues accepted) {
            return accepted.values();
        }
        throw new AssertionError(reading.rendered());
    }

    /** What must be in a map. */
    static <T> T at(Map<String, T> map, String key) {
        return Optional.ofNullable(map.get(key)).orElseThrow(() -> new AssertionError("nothing at " + key));
    }

    static AppraisalPolicy baseline() {
        return accepted(shipped("baseline"));
    }

    static String shipped(String id) {
        return Objects.requireNonNull(ShippedPolicies.texts().get(ShippedPolicies.file(id)), id);
    }

    /** A small policy around one expression. */
    static String policyWith(String require) {
        return policyWith(require, "");
    }

    static String policyWith(String require, String more) {
        return """
                policy: small
                version: "1"
                summary: One rule.
                expect: { cpu: { types: [sev-snp] } }
                %s
                rules:
                  - name: the rule
                    for: sev-snp
                    require: '%s'
                    sets: executables
                    because: It is wanted.
                """.formatted(more, require);
    }

    private record FakeEvidence(Bytes committedBytes) implements Evidence {}

    private record FakeScheme(String id, DeviceClass deviceClass, ClaimCatalogue claims)
            implements AttestationScheme<FakeEvidence> {
        @Override
        public List<EvidenceMember> members() {
            return List.of();
        }

        @Override
        public FakeEvidence parse(RawEvidence raw) {
            return new FakeEvidence(raw.required("report"));
        }

        @Override
        public Set<EndorsementRef> wanted(FakeEvidence evidence, Endorsements inHand, Instant at) {
            return Set.of();
        }

        @Override
        public Authentication authenticate(FakeEvidence evidence, AuthenticationContext context) {
            throw new UnsupportedOperationException("tests authenticate by hand");
        }

        @Override
        public List<Field> show(FakeEvidence evidence) {
            return List.of();
        }

        @Override
        public List<CheckId> checks() {
            return List.of(FakeCheck.values());
        }
    }
}

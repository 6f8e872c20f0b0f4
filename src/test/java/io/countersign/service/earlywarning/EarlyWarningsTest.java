package io.countersign.service.earlywarning;

import static io.countersign.service.earlywarning.Fleet.POLICY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.cases.Case;
import io.countersign.cases.CaseException;
import io.countersign.service.api.request.AppraisalRequest;
import io.countersign.service.appraisal.Bystander;
import io.countersign.service.collateral.FakeVendor;
import io.countersign.service.wiring.TrialCases;
import io.countersign.testkit.ComingTcb;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.trial.Forecast.Standing;
import io.countersign.trial.Outlook;
import io.countersign.trial.Platform;
import io.countersign.trial.Sighting;
import io.countersign.verifier.Verifier;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.claim.Binding;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Endorsements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyWarningsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder = Path.of("");

    private final Fleet fleet = new Fleet();
    private final List<String> log = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(
                    line.getParameters() == null
                            ? line.getMessage()
                            : String.valueOf(line.getMessage()).formatted(line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger logger = Logger.getLogger(EarlyWarnings.class.getName());

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void close() {
        logger.removeHandler(handler);
        fleet.close();
    }

    private String said() {
        return String.join("\n", log);
    }

    @Test
    void aChannelThatSaysTheSameLeavesEverybodyAccepted() {
        fleet.attests(1, 4, POLICY);
        fleet.attests(2, 4, POLICY);
        RoundSummary summary = fleet.look();
        assertEquals(2, summary.count("tdx", Standing.ACCEPTED));
        assertEquals(0, summary.count(Standing.REFUSED) + summary.count(Standing.UNDETERMINED));
        assertEquals(Map.of("tdx", 20L), summary.early());
        assertEquals(Map.of("tdx", 20L), summary.inForce());
        assertEquals(List.of(), summary.troubles());
        assertEquals(SoftwareAmds.AS_OF, fleet.complete.get());
        assertEquals("", said());
    }

    @Test
    void aTcbRecoveryRefusesThoseThatAreBehindAndSaysWhatToUpdate() {
        for (int machine = 0; machine < 22; machine++) {
            fleet.attests(machine, machine < 7 ? 4 : 5, POLICY);
        }
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo()));
        fleet.look();
        assertEquals(7, fleet.count(Standing.REFUSED));
        assertEquals(15, fleet.count(Standing.ACCEPTED));
        assertEquals(Map.of("tdx", 21L), fleet.last.get().early());
        assertEquals(1, log.size(), said());
        for (String word : List.of(
                "7 tdx under policy td",
                "tdx.tcb of cpu0",
                "expected UpToDate, found OutOfDate by TCB evaluation data number 21",
                ComingTcb.ADVISORY,
                "early microcode is at 4, Intel wants 5",
                "Update the BIOS",
                "and 2 more",
                "evidence sha256:")) {
            assertTrue(said().contains(word), word + " in " + said());
        }
    }

    @Test
    void aChangeIsSaidOnceAndNoMachineIsNamed() {
        fleet.attests(1, 4, POLICY);
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo()));
        fleet.look();
        fleet.look();
        fleet.move(HOUR);
        fleet.attests(1, 4, POLICY);
        fleet.look();
        assertEquals(1, log.size(), said());
        assertFalse(said().contains(Fleet.ppid(1).toString()), said());
    }

    @Test
    void aPlatformThatWasPatchedSinceIsRefusedNoMore() {
        fleet.attests(1, 4, POLICY);
        fleet.attests(2, 4, POLICY);
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo()));
        fleet.look();
        assertEquals(2, fleet.count(Standing.REFUSED));
        fleet.move(HOUR);
        fleet.attests(1, 5, POLICY);
        fleet.look();
        assertEquals(1, fleet.count(Standing.REFUSED));
        assertEquals(1, fleet.count(Standing.ACCEPTED));
        assertTrue(log.getLast().contains("1 platforms would be accepted now"), said());
    }

    @Test
    void anInvalidSignatureIsUnknownAndNeitherGoodNorBad() {
        fleet.attests(1, 4, POLICY);
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo())
                .signedBy(SoftwareIntels.foreign().keys().tcbSigner()));
        unknown("the signature does not verify");
    }

    @Test
    void textThatIsNoStatementIsUnknown() {
        fleet.attests(1, 4, POLICY);
        fleet.tcbInfo(Fleet.tcbInfo().document(_ -> "<html>maintenance</html>"));
        unknown("what came is not used");
    }

    @Test
    void aStatementAboutAnotherFamilyIsUnknown() {
        fleet.attests(1, 4, POLICY);
        fleet.tcbInfo(Fleet.tcbInfo().with(info -> info.put("fmspc", "C0DE00000001")));
        unknown("what came is Intel's TDX TCB info for FMSPC c0de00000001");
    }

    @Test
    void aStatementThatHasEndedIsUnknown() {
        fleet.move(Duration.ofDays(28));
        fleet.attests(1, 4, POLICY);
        fleet.move(Duration.ofDays(2));
        unknown("it is valid from");
    }

    @Test
    void anOlderNumberThanTheOneInForceIsUnknown() {
        fleet.attests(1, 4, POLICY);
        fleet.tcbInfo(ComingTcb.numbered(Fleet.tcbInfo(), 19));
        unknown("number 19, which is older than the 20 in force");
    }

    @Test
    void anOlderIdentityThanTheOneInForceIsUnknown() {
        fleet.attests(1, 4, POLICY);
        fleet.identity(ComingTcb.numbered(SoftwareIntels.trusted().qeIdentity(TeeType.TDX), 19));
        unknown("QE identity of the early channel has TCB evaluation data number 19");
    }

    @Test
    void aChannelThatIsAwayIsUnknownAndSaidOnce() {
        fleet.attests(1, 4, POLICY);
        fleet.channel.goDown();
        unknown("could not be reached");
        fleet.look();
        assertEquals(1, log.size(), said());
        fleet.channel.comeBack();
        fleet.look();
        assertEquals(1, fleet.count(Standing.ACCEPTED));
        assertEquals("early warning: what is to come is known again", log.getLast());
    }

    private void unknown(String why) {
        RoundSummary summary = fleet.look();
        assertEquals(1, summary.count("tdx", Standing.UNDETERMINED));
        assertEquals(0, summary.count(Standing.ACCEPTED) + summary.count(Standing.REFUSED));
        assertTrue(
                summary.troubles().toString().contains(why), summary.troubles().toString());
        assertEquals(Instant.EPOCH, fleet.complete.get());
        assertTrue(log.getFirst().contains("how 1 platforms will fare is unknown"), said());
    }

    @Test
    void whatWasRefusedStaysSoWhileTheChannelIsAwayAndTheOthersAreUnknown() {
        fleet.attests(1, 4, POLICY);
        fleet.attests(2, 5, POLICY);
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo()));
        fleet.look();
        fleet.move(HOUR);
        fleet.channel.goDown();
        fleet.look();
        assertEquals(1, fleet.count(Standing.REFUSED));
        assertEquals(1, fleet.count(Standing.UNDETERMINED));
        assertEquals(SoftwareAmds.AS_OF, fleet.complete.get());
        assertFalse(said().contains("accepted now"), said());
    }

    @Test
    void aChannelThatGoesBackIsNotBelieved() {
        fleet.attests(1, 4, POLICY);
        fleet.attests(2, 5, POLICY);
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo()));
        fleet.look();
        fleet.tcbInfo(Fleet.tcbInfo());
        fleet.look();
        assertEquals(1, fleet.count(Standing.REFUSED));
        assertEquals(1, fleet.count(Standing.UNDETERMINED));
        assertTrue(fleet.last
                .get()
                .troubles()
                .toString()
                .contains("gave out TCB evaluation data number 21 before and now 20"));
    }

    @Test
    void offlineTheFolderIsTheChannel() throws IOException {
        Path intel = Files.createDirectories(folder.resolve("endorsements/intel/tdx/tcb"));
        try (var offline = new Fleet(Optional.of(folder), Map.of())) {
            offline.attests(1, 4, POLICY);
            offline.look();
            assertEquals(1, offline.count(Standing.UNDETERMINED));
            assertTrue(offline.last.get().troubles().toString().contains("intel/tdx/tcb/c0de00000000_early.json"));
            Files.writeString(
                    intel.resolve("c0de00000000_early.json"),
                    SoftwareIntels.trusted().signerChain()
                            + ComingTcb.recovered(Fleet.tcbInfo()).json());
            Files.writeString(
                    folder.resolve("endorsements/intel/tdx/qe_identity_early.json"),
                    SoftwareIntels.trusted().signerChain()
                            + SoftwareIntels.trusted().qeIdentity(TeeType.TDX).json());
            offline.look();
            assertEquals(1, offline.count(Standing.REFUSED));
            assertEquals(List.of(), offline.channel.asked());
        }
    }

    @Test
    void listsThatHaveEndedSinceAreNotTheQuestion() {
        fleet.warnings.judged(fleet.judged(1, 4, POLICY, Duration.ofDays(1)));
        fleet.move(Duration.ofDays(10));
        fleet.look();
        assertEquals(1, fleet.count(Standing.ACCEPTED));
    }

    @Test
    void onlyTokensCount() {
        Bystander.Judged good = fleet.judged(1, 4, POLICY, Duration.ofDays(30));
        fleet.warnings.judged(new Bystander.Judged(
                Bystander.Occasion.APPRAISAL,
                good.request(),
                good.evidence(),
                good.inHand(),
                good.policy(),
                good.result()));
        Bystander.Judged behind = fleet.attests(2, 3, POLICY);
        assertFalse(behind.result().favourable());
        fleet.attests(3, 4, Core.baseline());
        assertEquals(0, fleet.look().platforms().size());
        assertEquals(0, fleet.remembered);
    }

    @Test
    void aPlatformThatIsNotSeenAnyMoreIsForgotten() {
        fleet.attests(1, 4, POLICY);
        fleet.move(Fleet.FORGET_AFTER.minus(HOUR));
        fleet.attests(2, 4, POLICY);
        fleet.move(HOUR.multipliedBy(2));
        fleet.look();
        assertEquals(1, fleet.remembered);
    }

    @Test
    void aPolicyThatIsGoneWarnsNobody() {
        fleet.attests(1, 4, POLICY);
        fleet.policies.clear();
        fleet.look();
        assertEquals(0, fleet.remembered);
    }

    @Test
    void aMachineIsCountedOnceWhateverPoliciesItGoesBy() {
        AppraisalPolicy tolerant = Fleet.policy("tolerant", """
                tolerate:
                  tcb-status:
                    - { status: OutOfDate, because: It is only the laboratory. }
                """);
        fleet.policies.put("tolerant", tolerant);
        fleet.attests(1, 4, POLICY);
        fleet.attests(1, 4, tolerant);
        fleet.attests(2, 4, tolerant);
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo()));
        fleet.look();
        assertEquals(1, fleet.count(Standing.REFUSED));
        assertEquals(1, fleet.count(Standing.ACCEPTED));
        assertEquals(3, fleet.remembered);
    }

    @Test
    void referenceValuesThatEndAreSaidBeforeTheyDo() {
        Instant end = SoftwareAmds.AS_OF.plus(Duration.ofDays(20));
        AppraisalPolicy pinned =
                Core.policy("""
                policy: td
                version: "2"
                summary: Pinned for some days.
                extends: [baseline]
                references:
                  approved:
                    claim: tdx.mr_td
                    note: the laboratory's
                    expires: %s
                    values: ["%s"]
                rules:
                  - name: runs what is approved
                    for: tdx
                    require: cpu.tdx.mr_td in references.approved
                    sets: executables
                    because: It is a test.
                """.formatted(end, Bytes.utf8("firmware").sha384()), Core.baseline());
        fleet.policies.put("td", pinned);
        fleet.attests(1, 4, pinned);
        assertEquals(1, fleet.look().count("tdx", Duration.ofDays(30)));
        assertEquals(1, fleet.count(Standing.ACCEPTED));
        assertTrue(said().contains("will be refused within 30 days though nothing else changes"), said());
        assertTrue(said().contains("runs what is approved"), said());
        fleet.move(Duration.ofDays(13));
        fleet.tcbInfo(Fleet.tcbInfo());
        assertEquals(1, fleet.look().count("tdx", Duration.ofDays(7)));
        assertEquals(0, fleet.last.get().count("tdx", Duration.ofDays(30)));
    }

    @Test
    void certificatesThatAreLookedAtAreCertificatesOfChecksThatThereAre() {
        var codes = Core.SCHEMES.all().stream()
                .flatMap(scheme -> scheme.checks().stream())
                .map(CheckId::code)
                .collect(Collectors.toSet());
        for (String code :
                List.of("tdx.pck-chain", "snp.vek-chain", "gpu.certificate-chain", "gpu.driver-rim", "gpu.vbios-rim")) {
            assertTrue(codes.contains(code), code);
        }
    }

    private static Bystander.Judged milan(AppraisalPolicy policy) throws CaseException {
        Case milan = TrialCases.shipped().find("fixture:sev-snp/milan-v5");
        return new Bystander.Judged(
                Bystander.Occasion.ATTESTATION,
                new AppraisalRequest(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        milan.binding(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        milan.endorsements()),
                milan.evidence(),
                milan.inHand(),
                policy,
                new Verifier().appraise(milan.evidence(), milan.inHand(), policy, milan.binding(), milan.at()));
    }

    @Test
    void nobodyPublishesWhatIsToComeForAmd() throws CaseException {
        fleet.warnings.judged(milan(POLICY));
        RoundSummary summary = fleet.look();
        assertEquals(1, summary.count("sev-snp", Standing.NOT_ASKED));
        assertEquals(List.of(), summary.troubles());
        assertEquals(List.of(), fleet.channel.asked());
    }

    private static String floor(int svn) {
        return """
                rules:
                  - name: firmware of tomorrow
                    for: sev-snp
                    require: cpu.snp.reported_tcb.snp >= %d
                    sets: hardware
                    because: A bulletin will ask for it.
                    hint: Update the SEV firmware.
                  - name: is a chip of ours
                    for: sev-snp
                    require: cpu.snp.chip_id == "%s"
                    sets: instance-identity
                    because: It is a test.
                """.formatted(svn, "00".repeat(64));
    }

    @Test
    void aPolicyThatIsToFollowSaysWhatNoVendorDoes() throws CaseException {
        try (var following = new Fleet(Optional.empty(), Map.of("td", "next"))) {
            following.warnings.judged(milan(POLICY));
            following.look();
            assertEquals(1, following.last.get().count("sev-snp", Standing.UNDETERMINED));
            assertTrue(following.last.get().troubles().toString().contains("\"next\""));
            following.policies.put("next", Fleet.policy("next", floor(200)));
            following.look();
            assertEquals(1, following.last.get().count("sev-snp", Standing.REFUSED));
            assertTrue(said().contains("firmware of tomorrow"), said());
            assertTrue(said().contains("200"), said());
            Bytes chip = Bytes.fromHex(String.valueOf(milan(POLICY)
                    .result()
                    .submodules()
                    .getFirst()
                    .authentication()
                    .claims()
                    .orElseThrow()
                    .find("snp.chip_id")
                    .orElseThrow()));
            assertTrue(said().contains("is a chip of ours"), said());
            assertFalse(said().contains(chip.toString().substring(0, 16)), said());
        }
    }

    @Test
    void memoryIsBoundedWhateverArrives() {
        Bystander.Judged judged = fleet.judged(1, 4, POLICY, Duration.ofDays(30));
        var sighting =
                new Sighting(judged.evidence(), judged.inHand(), judged.result().binding(), SoftwareAmds.AS_OF);
        var seen = new SeenPlatforms(1_000, 16 * 1024 * 1024, Fleet.FORGET_AFTER);
        for (int i = 0; i < 100_000; i++) {
            var platform = new Platform("tdx", Bytes.utf8("hostile " + i).sha256(), Optional.empty(), Map.of());
            seen.remember(new SeenPlatforms.Entry(
                    platform, "td", sighting, judged.result().evidenceDigest(), i % 10 == 0 ? 4_000_000 : 30_000));
            assertTrue(seen.size() <= 1_000 && seen.bytes() <= 16 * 1024 * 1024);
        }
        List<SeenPlatforms.Entry> left = seen.lately(SoftwareAmds.AS_OF, _ -> true);
        assertEquals(seen.size(), left.size());
        assertEquals(
                Bytes.utf8("hostile 99999").sha256(), left.getLast().platform().key());
        assertEquals(100_000 - seen.size(), seen.drivenOut());
    }

    @Test
    void oneThatWouldTakeMostOfTheRoomIsNotTaken() {
        Bystander.Judged judged = fleet.judged(1, 4, POLICY, Duration.ofDays(30));
        var sighting =
                new Sighting(judged.evidence(), judged.inHand(), judged.result().binding(), SoftwareAmds.AS_OF);
        var seen = new SeenPlatforms(10, 1_000_000, Fleet.FORGET_AFTER);
        var platform = new Platform("tdx", Bytes.utf8("large").sha256(), Optional.empty(), Map.of());
        seen.remember(new SeenPlatforms.Entry(
                platform, "td", sighting, judged.result().evidenceDigest(), 250_001));
        assertEquals(0, seen.size());
        assertEquals(1, seen.drivenOut());
    }

    @Test
    void whatIsSaidAtFirstIsWhatHappensThen() {
        Bystander.Judged judged = fleet.judged(1, 4, POLICY, Duration.ofDays(30));
        CompositeEvidence evidence = judged.evidence();
        Binding binding = judged.result().binding();
        var slots = new java.util.HashMap<>(judged.inHand().brought());
        slots.put(
                "intel.tcb_info",
                List.of(Bytes.utf8(ComingTcb.recovered(Fleet.tcbInfo()).json())));
        var then = new Verifier().appraise(evidence, Endorsements.brought(slots), POLICY, binding, SoftwareAmds.AS_OF);
        assertFalse(then.favourable());
        fleet.warnings.judged(judged);
        fleet.tcbInfo(ComingTcb.recovered(Fleet.tcbInfo()));
        fleet.look();
        assertEquals(1, fleet.count(Standing.REFUSED));
        assertEquals(
                evidence.submodules().size(),
                Outlook.of(new Sighting(evidence, judged.inHand(), binding, SoftwareAmds.AS_OF), POLICY)
                                .platform()
                                .inForce()
                                .size()
                        - 1);
    }

    @Test
    void aThrottlingChannelIsUnknown() {
        fleet.attests(1, 4, POLICY);
        fleet.channel.replies(
                "/tdx/certification/v4/tcb?fmspc=c0de00000000&update=early",
                FakeVendor.status(429, "Retry-After", "600"));
        unknown("429");
    }
}

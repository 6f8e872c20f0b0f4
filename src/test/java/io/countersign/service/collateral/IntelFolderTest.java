package io.countersign.service.collateral;

import static io.countersign.service.collateral.Bench.assertInHand;
import static io.countersign.service.collateral.Bench.assertMissing;
import static io.countersign.service.collateral.Bench.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.trust.EndorsementRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intel's part of the folder: what the service writes, and what an operator may put there. */
class IntelFolderTest {
    private static final String TCB = "intel/tdx/tcb/50806f000000_standard.json";
    private static final String QE = "intel/tdx/qe_identity_standard.json";
    private static final String PCK_CRL = "intel/crl/pck_platform.crl";
    private static final String ROOT_CRL = "intel/crl/root.crl";

    private final IntelBench intel = new IntelBench();

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void keep() {
        intel.bench.dataDir = Optional.of(dir);
    }

    @AfterEach
    void stop() {
        intel.close();
    }

    private Path file(String name) {
        return dir.resolve("endorsements").resolve(name);
    }

    private void put(String name, Bytes content) throws IOException {
        Files.createDirectories(file(name).resolveSibling(""));
        Files.write(file(name), content.toByteArray());
        Files.setLastModifiedTime(file(name), FileTime.from(intel.now()));
    }

    private Bytes root() {
        return FakeIntel.crl("Intel SGX Root CA", 1, intel.now());
    }

    @Test
    void writesWhatItFetchedUnderTheNamesThatOperatorsUse() throws IOException {
        Bytes body = FakeIntel.tcbInfo(20, intel.now());
        intel.first.replies(FakeIntel.TCB_PATH, FakeIntel.withChain(body));
        Bytes identity = FakeIntel.qeIdentity("TD_QE", 19, intel.now());
        intel.first.serves(FakeIntel.QE_PATH, identity);
        Bytes list = FakeIntel.pckCrl(intel.now());
        intel.first.serves(FakeIntel.PCK_CRL_PATH, list);
        Bytes root = root();
        intel.first.serves(FakeIntel.ROOT_CRL_PATH, Bytes.utf8(root.toString()));
        gather(intel.start(), FakeIntel.TCB, FakeIntel.QE, FakeIntel.PCK_CRL, FakeIntel.ROOT_CRL);
        for (var each : Map.of(TCB, FakeIntel.chainAnd(body), QE, identity, PCK_CRL, list, ROOT_CRL, root)
                .entrySet()) {
            assertEquals(each.getValue(), Bytes.copyOf(Files.readAllBytes(file(each.getKey()))), each.getKey());
        }

        intel.first.goDown();
        var restarted = intel.start();
        assertInHand(FakeIntel.chainAnd(body), restarted, FakeIntel.TCB);
        assertInHand(root, restarted, FakeIntel.ROOT_CRL);
    }

    @Test
    void readsOfflineWhatAnOperatorPutThereInEveryForm() throws IOException {
        intel.bench.offline = true;
        var gatherer = intel.start();
        Bytes body = FakeIntel.tcbInfo(20, intel.now());
        put(TCB, body);
        assertInHand(body, gatherer, FakeIntel.TCB);
        Bytes withChain = FakeIntel.chainAnd(FakeIntel.tcbInfo(21, intel.now()));
        put(TCB, withChain);
        assertInHand(withChain, gatherer, FakeIntel.TCB);
        Bytes identity = FakeIntel.qeIdentity("TD_QE", 19, intel.now());
        put(QE, identity);
        assertInHand(identity, gatherer, FakeIntel.QE);
        Bytes list = FakeIntel.pckCrl(intel.now());
        put(PCK_CRL, Bytes.utf8(list.toString() + "\n"));
        assertInHand(list, gatherer, FakeIntel.PCK_CRL);
        Bytes root = root();
        put(ROOT_CRL, root);
        assertInHand(root, gatherer, FakeIntel.ROOT_CRL);
        assertEquals(0, intel.first.requests());
    }

    @Test
    void takesAFileOfTheOtherChannelOrOfAnotherFamilyForAbsent() throws IOException {
        intel.bench.offline = true;
        put(TCB.replace("standard", "early"), FakeIntel.tcbInfo(20, intel.now()));
        put(QE.replace("standard", "early"), FakeIntel.qeIdentity("TD_QE", 19, intel.now()));
        put(TCB.replace("50806f", "90c06f"), FakeIntel.tcbInfo(20, intel.now()));
        var gatherer = intel.start();
        for (EndorsementRef ref : new EndorsementRef[] {FakeIntel.TCB, FakeIntel.QE}) {
            var missing = gather(gatherer, ref);
            assertMissing(Outcome.Cause.NOT_IN_HAND, missing, ref);
            assertEquals(Optional.empty(), missing.retryAfter());
        }
    }

    @Test
    void takesABrokenFileForAbsentAndReplacesIt() throws IOException {
        put(TCB, Bytes.utf8("{\"tcbInfo\":"));
        Bytes body = intel.serve(intel.first, 20);
        assertInHand(body, intel.start(), FakeIntel.TCB);
        assertEquals(1, intel.bench.seen.warnings(GatheringWarning.FOLDER_UNREADABLE));
        assertEquals(body, Bytes.copyOf(Files.readAllBytes(file(TCB))));
    }
}

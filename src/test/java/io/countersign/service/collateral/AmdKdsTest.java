package io.countersign.service.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmdKdsTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    static Stream<List<Object>> asksForExactlyThePathsThatKdsHas() {
        String chip = FakeAmd.CHIP.toString();
        return Stream.of(
                List.of(FakeAmd.milan(), "/vcek/v1/Milan/" + chip + "?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219"),
                List.of(
                        new AmdEndorsementRef.Vcek(
                                Product.GENOA, FakeAmd.CHIP, new SnpTcb.Classic(10, 0, 23, 84, Bytes.zeros(4))),
                        "/vcek/v1/Genoa/" + chip + "?blSPL=10&teeSPL=0&snpSPL=23&ucodeSPL=84"),
                List.of(
                        FakeAmd.turin(),
                        "/vcek/v1/Turin/59790fb1c39f35c1?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81"),
                List.of(new AmdEndorsementRef.Chain(Product.GENOA, VekKind.VCEK), "/vcek/v1/Genoa/cert_chain"),
                List.of(new AmdEndorsementRef.Chain(Product.MILAN, VekKind.VLEK), "/vlek/v1/Milan/cert_chain"),
                List.of(new AmdEndorsementRef.Crl(Product.TURIN, VekKind.VCEK), "/vcek/v1/Turin/crl"),
                List.of(new AmdEndorsementRef.Crl(Product.MILAN, VekKind.VLEK), "/vlek/v1/Milan/crl"));
    }

    @ParameterizedTest
    @MethodSource
    void asksForExactlyThePathsThatKdsHas(List<Object> refAndPath) {
        Bench.gather(bench.start(), (AmdEndorsementRef) refAndPath.getFirst());
        assertEquals(List.of(refAndPath.getLast()), bench.kds.asked());
    }

    @Test
    void keepsThePathOfAMirrorsAddress() {
        bench.url = Optional.of(URI.create(bench.kds.url() + "/mirror/kds/"));
        Bench.gather(bench.start(), FakeAmd.crl());
        assertEquals(List.of("/mirror/kds/vcek/v1/Milan/crl"), bench.kds.asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://kds.example",
                "file:///etc",
                "https://user@kds.example",
                "https://kds.example/?a=b",
                "https://kds.example/#x",
                "kds.example"
            })
    void refusesAnAddressThatIsNotABareHttpOne(String url) {
        bench.url = Optional.of(URI.create(url));
        var refusal = assertThrows(IllegalArgumentException.class, bench::config);
        assertTrue(String.valueOf(refusal.getMessage()).startsWith("countersign.collateral.amd-kds-url"));
    }

    static Stream<AmdEndorsementRef.Vcek> asksNobodyForWhatNoChipCanHave() {
        Bytes id = FakeAmd.CHIP;
        Bytes none = Bytes.zeros(4);
        return Stream.of(
                new AmdEndorsementRef.Vcek(Product.MILAN, Bytes.zeros(64), FakeAmd.TCB),
                new AmdEndorsementRef.Vcek(Product.MILAN, id.slice(0, 8), FakeAmd.TCB),
                new AmdEndorsementRef.Vcek(Product.TURIN, id, FakeAmd.turin().tcb()),
                new AmdEndorsementRef.Vcek(Product.TURIN, id.slice(0, 8), FakeAmd.TCB),
                new AmdEndorsementRef.Vcek(Product.GENOA, id, FakeAmd.turin().tcb()),
                new AmdEndorsementRef.Vcek(Product.MILAN, id, new SnpTcb.Classic(256, 0, 24, 219, none)),
                new AmdEndorsementRef.Vcek(Product.MILAN, id, new SnpTcb.Classic(4, -1, 24, 219, none)),
                new AmdEndorsementRef.Vcek(
                        Product.MILAN, id, new SnpTcb.Classic(4, 0, 24, 219, Bytes.fromHex("00000001"))));
    }

    @ParameterizedTest
    @MethodSource
    void asksNobodyForWhatNoChipCanHave(AmdEndorsementRef.Vcek ref) {
        Bench.assertMissing(Outcome.Cause.NOT_IN_HAND, Bench.gather(bench.start(), ref), ref);
        assertEquals(0, bench.kds.requests());
    }
}

package io.countersign.imports.corim;

import static io.countersign.imports.corim.MadeCorim.AT;
import static io.countersign.imports.corim.MadeCorim.FIRST;
import static io.countersign.imports.corim.MadeCorim.SECOND;
import static io.countersign.imports.corim.MadeCorim.amdClass;
import static io.countersign.imports.corim.MadeCorim.digest;
import static io.countersign.imports.corim.MadeCorim.digests;
import static io.countersign.imports.corim.MadeCorim.environment;
import static io.countersign.imports.corim.MadeCorim.map;
import static io.countersign.imports.corim.MadeCorim.measurement;
import static io.countersign.imports.corim.MadeCorim.pair;
import static io.countersign.imports.corim.MadeCorim.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.upokecenter.cbor.CBORObject;
import io.countersign.imports.ImportException;
import io.countersign.imports.Imported;
import io.countersign.imports.ImportedSet;
import io.countersign.imports.ImportedValue;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedCorimTest {
    private static final CorimKey KEY = CorimKey.p256();

    private static Imported read(MadeCorim made) throws ImportException {
        return SignedCorim.read("images.corim", made.signed(KEY), KEY.pinned(), AT);
    }

    private static String refusal(MadeCorim made) {
        return String.valueOf(
                assertThrows(ImportException.class, () -> read(made)).getMessage());
    }

    private static List<String> values(Imported imported, String set) {
        return imported.sets().stream()
                .filter(each -> each.name().equals(set))
                .flatMap(each -> each.values().stream())
                .map(ImportedValue::value)
                .toList();
    }

    private static void assertNoted(Imported imported, String part) {
        assertTrue(
                imported.notes().stream().anyMatch(note -> note.contains(part)),
                () -> part + " is not in " + imported.notes());
    }

    @Test
    void launchMeasurementsOfAmdsProfileAreImported() throws ImportException {
        Imported imported = read(MadeCorim.amd());
        ImportedSet set = imported.sets().getFirst();
        assertEquals(1, imported.sets().size());
        assertEquals("launch_measurements", set.name());
        assertEquals("launch_measurement", set.claim());
        assertEquals(List.of(FIRST, SECOND), values(imported, "launch_measurements"));
        assertEquals("ACME release signing", set.owner());
        assertTrue(set.note().contains("corim-7"), set.note());
        assertEquals("tag images-2026 version 3", set.values().getFirst().note());
        assertEquals(Optional.of(MadeCorim.SIGNATURE_END), set.expires());
    }

    @Test
    void whatIsNotImportedIsNamedWithItsPlace() throws ImportException {
        Imported imported = read(MadeCorim.amd());
        assertNoted(
                imported,
                "not imported: reported_tcb (mkey 647), at corim.tags[0].triples.reference[0].measurements[1]");
        assertNoted(imported, "write what must hold together as rules");
    }

    @Test
    void keyDigestsAndHostDataGoIntoTheirOwnSets() throws ImportException {
        var made = MadeCorim.amd()
                .triple(
                        amdClass(),
                        digest(643, 7, "0a".repeat(48)),
                        digest(644, "sha-384", "0b".repeat(48)),
                        measurement(642, map().Add(4, tagged(560, HexFormat.of().parseHex("0c".repeat(32))))));
        Imported imported = read(made);
        assertEquals(List.of("0a".repeat(48)), values(imported, "id_keys"));
        assertEquals(List.of("0b".repeat(48)), values(imported, "author_keys"));
        assertEquals(List.of("0c".repeat(32)), values(imported, "host_data"));
    }

    /** The field has 32 bytes, and the profile's draft says a SHA-384. */
    @Test
    void hostDataOf48BytesIsLeftOut() throws ImportException {
        Imported imported = read(MadeCorim.amd().triple(amdClass(), digest(642, 7, "0c".repeat(48))));
        assertEquals(List.of(), values(imported, "host_data"));
        assertNoted(imported, "host_data (mkey 642) without a SHA-256 of 32 bytes");
    }

    @Test
    void zerosAreLeftOut() throws ImportException {
        assertNoted(
                read(MadeCorim.amd().triple(amdClass(), digest(643, 7, "00".repeat(48)))),
                "id_key_digest (mkey 643) of zeros");
    }

    @Test
    void measurementThatCountsOnlyTogetherWithMoreIsLeftOut() throws ImportException {
        Imported imported = read(MadeCorim.amd()
                .triple(
                        amdClass(),
                        measurement(
                                641, map().Add(2, digests(7, "aa".repeat(48))).Add(1, tagged(553, 3))),
                        measurement(
                                641, map().Add(2, digests(7, "ab".repeat(48))).Add(-99, 1))));
        assertEquals(List.of(FIRST, SECOND), values(imported, "launch_measurements"));
        assertNoted(imported, "which counts only together with svn");
        assertNoted(imported, "which counts only together with member -99");
    }

    @Test
    void tripleOfOneChipIsLeftOut() throws ImportException {
        CBORObject chip = amdClass().Add(1, tagged(560, new byte[64]));
        CBORObject group = amdClass().Add(2, tagged(560, new byte[8]));
        Imported imported = read(MadeCorim.amd()
                .triple(chip, digest(641, 7, "aa".repeat(48)))
                .triple(group, digest(641, 7, "ab".repeat(48))));
        assertEquals(List.of(FIRST, SECOND), values(imported, "launch_measurements"));
        assertNoted(imported, "narrowed to one instance");
        assertNoted(imported, "narrowed to a group");
    }

    @Test
    void instanceThatIsTheMeasurementItselfNarrowsNothing() throws ImportException {
        String own = "ad".repeat(48);
        CBORObject environment = amdClass().Add(1, tagged(560, HexFormat.of().parseHex(own)));
        Imported imported = read(MadeCorim.amd().triple(environment, digest(641, 7, own)));
        assertEquals(List.of(FIRST, SECOND, own), values(imported, "launch_measurements"));
    }

    @Test
    void classOfAnotherVendorIsLeftOut() {
        var made = MadeCorim.base();
        made.corim.Set(3, tagged(32, MadeCorim.AMD));
        made.triple(environment("2b0601040101", "", ""), digest(641, 7, FIRST));
        String why = refusal(made);
        assertTrue(why.contains("nothing in it can be imported"), why);
        assertTrue(why.contains("of a class that is not AMD's"), why);
    }

    @Test
    void withoutProfileOnlyPathsOfClaimsNameWhatIsMeasured() throws ImportException {
        var made = MadeCorim.base()
                .triple(environment("", "ACME", "gateway"), digest("launch_measurement", 7, FIRST))
                .triple(environment("", "ACME", "td"), digest("tdx.mr_td", 7, SECOND))
                .triple(
                        environment("", "ACME", "td"),
                        measurement(
                                "tdx.rtmr",
                                map().Add(
                                                14,
                                                map().Add(1, digests(7, "a1".repeat(48)))
                                                        .Add(2, digests(7, "a2".repeat(48)))
                                                        .Add("x", digests(7, "a3".repeat(48))))))
                .triple(environment("", "ACME", "other"), digest(641, 7, "aa".repeat(48)));
        Imported imported = read(made);
        assertEquals(List.of(FIRST), values(imported, "launch_measurements"));
        assertEquals(List.of(SECOND), values(imported, "mr_td"));
        assertEquals(List.of("a1".repeat(48)), values(imported, "rtmr1"));
        assertEquals(List.of("a2".repeat(48)), values(imported, "rtmr2"));
        assertEquals(
                "ACME gateway, tag images-2026 version 3",
                imported.sets().getFirst().values().getFirst().note());
        assertNoted(imported, "not imported: mkey 641");
        assertNoted(imported, "an integrity register that is none of RTMR0 to RTMR3");
    }

    /** The same member is the TDX module's MRSEAM and an enclave's MRENCLAVE. */
    @Test
    void intelsMrteeIsTheMrtdOnlyWhereATdIsMeant() throws ImportException {
        CBORObject set = tagged(
                60020,
                CBORObject.NewArray()
                        .Add(6)
                        .Add(CBORObject.NewArray()
                                .Add(pair(1, "bb".repeat(32)))
                                .Add(pair(7, FIRST))
                                .Add(pair(7, SECOND))));
        var made = MadeCorim.intel()
                .triple(environment("", "Intel Corporation", "TDX TD"), map().Add(1, map().Add(-83, set)))
                .triple(
                        environment("", "Intel Corporation", "TDX SEAM"),
                        map().Add(1, map().Add(-83, pair(7, "cc".repeat(48)))))
                .triple(
                        environment("", "Intel Corporation", "X"),
                        measurement("MRTD", map().Add(-83, pair(7, "dd".repeat(48)))));
        Imported imported = read(made);
        assertEquals(List.of(FIRST, SECOND, "dd".repeat(48)), values(imported, "mr_td"));
        assertNoted(imported, "tee.mrtee of Intel Corporation TDX SEAM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag:amd.com,2026:snp-corim-profile", "https://example.com/profile"})
    void unknownProfileIsRefused(String uri) {
        String why = refusal(MadeCorim.amd().corim(corim -> corim.Set(3, tagged(32, uri))));
        assertTrue(why.startsWith("images.corim, corim.profile: the profile \"" + uri + "\" is not known"), why);
    }

    @Test
    void wrappersOfOldProducersAreStripped() throws ImportException {
        CBORObject message = MadeCorim.amd().message(KEY, MadeCorim.amd().payload());
        for (CBORObject wrapped : List.of(tagged(502, message), tagged(500, tagged(502, message)))) {
            Imported imported = SignedCorim.read("old.corim", Bytes.copyOf(wrapped.EncodeToBytes()), KEY.pinned(), AT);
            assertEquals(List.of(FIRST, SECOND), values(imported, "launch_measurements"));
        }
    }

    @Test
    void unsignedCorimIsRefusedInPlainWords() {
        var e = assertThrows(
                ImportException.class,
                () -> SignedCorim.read(
                        "plain.corim", Bytes.copyOf(MadeCorim.amd().payload()), KEY.pinned(), AT));
        assertTrue(String.valueOf(e.getMessage()).contains("this CoRIM is not signed"), e.getMessage());
    }

    @Test
    void corimMetaOfEarlierDraftsNamesTheSigner() throws ImportException {
        byte[] meta = map().Add(0, map().Add(0, "ACME of old"))
                .Add(1, map().Add(1, tagged(1, 1_800_000_000)))
                .EncodeToBytes();
        Imported imported = read(MadeCorim.amd().header(header -> {
            header.Remove(CBORObject.FromObject(15));
            header.Set(8, meta);
        }));
        assertEquals("ACME of old", imported.sets().getFirst().owner());
        assertEquals(
                Optional.of(Instant.ofEpochSecond(1_800_000_000)),
                imported.sets().getFirst().expires());
    }

    @Test
    void claimsAndMetaThatContradictEachOtherAreRefused() {
        byte[] meta = map().Add(0, map().Add(0, "Somebody else")).EncodeToBytes();
        String why = refusal(MadeCorim.amd().header(header -> header.Set(8, meta)));
        assertTrue(why.contains("contradict each other"), why);
    }

    @Test
    void signerWithoutANameIsRefused() {
        String why = refusal(MadeCorim.amd().header(header -> header.Remove(CBORObject.FromObject(15))));
        assertTrue(why.contains("neither CWT claims (15) nor corim-meta (8)"), why);
    }

    @Test
    void whatEndedOrHasNotBegunIsRefused() {
        String ended = refusal(MadeCorim.amd()
                .header(header -> header.get(CBORObject.FromObject(15)).Set(4, AT.getEpochSecond())));
        assertTrue(ended.contains("the signature ended at 2026-11-23T12:00:00Z"), ended);
        String early = refusal(MadeCorim.amd()
                .header(header -> header.get(CBORObject.FromObject(15)).Set(5, AT.getEpochSecond() + 1)));
        assertTrue(early.contains("the signature counts from"), early);
        String over =
                refusal(MadeCorim.amd().corim(corim -> corim.Set(4, map().Add(1, tagged(1, AT.getEpochSecond() - 1)))));
        assertTrue(over.contains("corim.rim-validity: the CoRIM ended"), over);
    }

    @Test
    void floatingPointTimeIsRefused() {
        String why = refusal(MadeCorim.amd()
                .header(header -> header.get(CBORObject.FromObject(15)).Set(4, 1.9e9)));
        assertTrue(why.contains("a time in whole seconds was expected"), why);
    }

    @Test
    void listOfActiveTagsIsRefused() {
        String why = refusal(MadeCorim.amd()
                .corim(corim -> corim.get(CBORObject.FromObject(1)).Add(tagged(508, new byte[] {(byte) 0xA0}))));
        assertTrue(why.contains("corim.tags[1]"), why);
        assertTrue(why.contains("which tags are active"), why);
    }

    @Test
    void sameTagTwiceIsRefused() {
        var made = MadeCorim.amd();
        made.corim(corim -> corim.get(CBORObject.FromObject(1)).Add(tagged(506, made.comid.EncodeToBytes())));
        assertTrue(refusal(made).contains("the tag images-2026 is there twice"), refusal(made));
    }

    @Test
    void otherKindsOfTriplesAreNamed() throws ImportException {
        var made = MadeCorim.amd();
        made.comid.get(CBORObject.FromObject(4)).Set(1, CBORObject.NewArray());
        assertNoted(read(made), "not imported: endorsed triples");
    }

    @Test
    void digestsOfOneHashTwiceAreRefusedWithTheirPlace() {
        CBORObject twice = CBORObject.NewArray().Add(pair(7, FIRST)).Add(pair("SHA-384", SECOND));
        String why = refusal(MadeCorim.amd().triple(amdClass(), measurement(641, map().Add(2, twice))));
        assertTrue(
                why.startsWith(
                        "images.corim, corim.tags[0].triples.reference[2].measurements[0].mval.digests[1]: sha-384 is there twice"),
                why);
    }

    @Test
    void digestOfWrongLengthIsRefused() {
        String why = refusal(MadeCorim.amd().triple(amdClass(), digest(641, 7, "aa".repeat(32))));
        assertTrue(why.contains("digests[0]: a SHA-384 has 48 bytes; this has 32"), why);
    }

    @Test
    void unknownMemberOfACorimIsRefused() {
        String why = refusal(MadeCorim.amd().corim(corim -> corim.Set(99, 1)));
        assertTrue(why.contains("corim: the member with the key 99 is not known here"), why);
    }
}

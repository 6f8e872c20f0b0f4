package io.countersign.verifier.tee.nvgpu.rim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests whose signature is all right, and which say what NVIDIA's do not. */
class ManifestAttacksTest {
    private static final String ONE = ManifestText.record(7, "True", List.of(ManifestText.DIGEST));

    private static ManifestText text() {
        return new ManifestText();
    }

    private static ManifestText changed(String old, String replacement) {
        assertTrue(ONE.contains(old), old);
        return text().records(ONE.replace(old, replacement));
    }

    static Stream<Arguments> manifests() {
        String digest = "ns2:Hash0=\"" + ManifestText.DIGEST + "\"";
        return Stream.of(
                Arguments.of("no golden value is active", text().records()),
                Arguments.of(
                        "no golden value is active",
                        text().records(ManifestText.record(7, "False", List.of(ManifestText.DIGEST)))),
                Arguments.of("has active=\"true\"", changed("active=\"True\"", "active=\"true\"")),
                Arguments.of("has active=\"TRUE\"", changed("active=\"True\"", "active=\"TRUE\"")),
                Arguments.of("has active=\"\"", changed("active=\"True\"", "active=\"\"")),
                Arguments.of("has active=\" True\"", changed("active=\"True\"", "active=\" True\"")),
                Arguments.of("has no attribute active", changed("active=\"True\" ", "")),
                Arguments.of("has no attribute {http", changed("alternatives=\"1\"", "alternatives=\"2\"")),
                Arguments.of("not known: {http", changed("alternatives=\"1\"", "alternatives=\"0\"")),
                Arguments.of(
                        "not known: {http", changed(digest, digest + " ns2:Hash1=\"" + ManifestText.DIGEST + "\"")),
                Arguments.of(
                        "not known: {http", changed(digest, digest + " ns2:Hash2=\"" + ManifestText.DIGEST + "\"")),
                Arguments.of("has no attribute {http", changed("ns2:Hash0", "ns2:Hash1")),
                Arguments.of("has no attribute {http", changed("ns2:Hash0", "Hash0")),
                Arguments.of("has no attribute {http", changed("ns2:Hash0", "ns0:Hash0")),
                Arguments.of("has alternatives=\"01\"", changed("alternatives=\"1\"", "alternatives=\"01\"")),
                Arguments.of("has alternatives=\"100\"", changed("alternatives=\"1\"", "alternatives=\"100\"")),
                Arguments.of("has alternatives=\"-1\"", changed("alternatives=\"1\"", "alternatives=\"-1\"")),
                Arguments.of("has no alternative", changed("alternatives=\"1\" " + digest, "alternatives=\"0\"")),
                Arguments.of("index 7 is there twice", text().records(ONE, ONE)),
                Arguments.of(
                        "index 7 is there twice",
                        text().records(ONE, ManifestText.record(7, "False", List.of(ManifestText.ZEROS)))),
                Arguments.of("index 64", text().records(ManifestText.record(64, "True", List.of(ManifestText.DIGEST)))),
                Arguments.of(
                        "index 64", text().records(ONE, ManifestText.record(64, "False", List.of(ManifestText.ZEROS)))),
                Arguments.of("has index=\"07\"", changed("index=\"7\"", "index=\"07\"")),
                Arguments.of("has index=\"-7\"", changed("index=\"7\"", "index=\"-7\"")),
                Arguments.of("has index=\"+7\"", changed("index=\"7\"", "index=\"+7\"")),
                Arguments.of("has index=\"0x7\"", changed("index=\"7\"", "index=\"0x7\"")),
                Arguments.of("has index=\"?\"", changed("index=\"7\"", "index=\"\u0667\"")),
                Arguments.of("has index=\"99999999999\"", changed("index=\"7\"", "index=\"99999999999\"")),
                Arguments.of("has {http", changed(ManifestText.DIGEST, ManifestText.DIGEST.substring(2))),
                Arguments.of("has {http", changed(ManifestText.DIGEST, ManifestText.DIGEST + "ab")),
                Arguments.of("has {http", changed(ManifestText.DIGEST, "AB".repeat(48))),
                Arguments.of("has {http", changed(ManifestText.DIGEST, "zz".repeat(48))),
                Arguments.of("has {http", changed(ManifestText.DIGEST, "")),
                Arguments.of("has size=\"32\"", changed("size=\"48\"", "size=\"32\"")),
                Arguments.of("has no attribute size", changed("size=\"48\"", "")),
                Arguments.of("has type=\"Other\"", changed("type=\"Measurement\"", "type=\"Other\"")),
                Arguments.of("has name=\"\"", changed("Measurement_7", "")),
                Arguments.of(
                        "a Resource has attributes that are not known: extra",
                        changed("size=\"48\"", "size=\"48\" extra=\"1\"")),
                Arguments.of("Resource has 1 elements", changed("/>", "><ns0:Resource/></ns0:Resource>")),
                Arguments.of("Resource has text of its own", changed("/>", ">text</ns0:Resource>")),
                Arguments.of("Payload has text of its own", text().records(ONE, "text")),
                Arguments.of("where Resource should be", text().records(ONE, "<ns0:File name=\"x\"/>")),
                Arguments.of("where Resource should be", text().records(ONE.replace("ns0:Resource", "ns2:Resource"))),
                Arguments.of(
                        "a record sets a floor",
                        changed(
                                "size=\"48\"",
                                "size=\"48\" xmlns:ns3=\"https://docs.nvidia.com/attestation/specs/latest/opaque-data.html\""
                                        + " ns3:MIN_SVN=\"1\"")),
                Arguments.of(
                        "a record sets a floor",
                        text().records(
                                        ONE,
                                        "<ns0:Resource xmlns:ns3=\"https://docs.nvidia.com/attestation/specs/latest/opaque-data.html\""
                                                + " type=\"OpaqueData\" ns3:id=\"37\" active=\"True\" ns3:value=\"1\"/>")),
                Arguments.of("SoftwareIdentity has 4 elements", text().after(text().payload())),
                Arguments.of("SoftwareIdentity has 4 elements", text().before(text().payload())),
                Arguments.of("SoftwareIdentity has 4 elements", text().after(text().meta())),
                Arguments.of("SoftwareIdentity has 4 elements", text().before(text().meta())),
                Arguments.of("SoftwareIdentity has 4 elements", text().after("<ns0:Link href=\"x\" rel=\"y\"/>")),
                Arguments.of("SoftwareIdentity has text of its own", text().after("text")),
                Arguments.of("has name=\"gh100\"", text().name("gh100")),
                Arguments.of("has product=\"../x\"", text().product("../x")),
                Arguments.of("has colloquialVersion=\"550.90.07 \"", text().version("550.90.07 ")),
                Arguments.of("has colloquialVersion=\"\"", text().version("")),
                Arguments.of("has patch=\"true\"", text().head("name=\"%s\" patch=\"true\"")),
                Arguments.of("has supplemental=\"true\"", text().head("name=\"%s\" supplemental=\"true\"")),
                Arguments.of("has corpus=\"1\"", text().head("name=\"%s\" corpus=\"1\"")),
                Arguments.of("not known: other", text().head("name=\"%s\" other=\"1\"")),
                Arguments.of(
                        "not known: {http://www.w3.org/XML/1998/namespace}lang",
                        text().head("name=\"%s\" xml:lang=\"en\"")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void refuses(String why, ManifestText manifest) {
        String actual = Rims.refused(
                SoftwareRim.reader().read(new SoftwareRim().manifest(manifest).bytes()));
        assertTrue(actual.contains(why), () -> "it was refused, but because " + actual);
    }

    static Stream<Arguments> texts() {
        String good = text().toString();
        return Stream.of(
                Arguments.of("has PayloadType=\"indirect\"", good.replace("\"direct\"", "\"indirect\"")),
                Arguments.of("BindingSpec=\"PC\"", good.replace("\"RIMIM\"", "\"PC\"")),
                Arguments.of("BindingSpecVersion=\"1.02\"", good.replace("\"1.01\"", "\"1.02\"")),
                Arguments.of("has edition=\"CPU\"", good.replace("\"GPU\"", "\"CPU\"")),
                Arguments.of("not known: supplemental", good.replace("edition=", "supplemental=\"true\" edition=")),
                Arguments.of("has version=\"2.0\"", good.replace("version=\"1.0\"", "version=\"2.0\"")),
                Arguments.of("has tagVersion=\"-1\"", good.replace("tagVersion=\"0\"", "tagVersion=\"-1\"")),
                Arguments.of("has tagId=\"x\"", good.replaceFirst("tagId=\"[^\"]*\"", "tagId=\"x\"")),
                Arguments.of("has no attribute tagId", good.replaceFirst("tagId=\"[^\"]*\"", "")),
                Arguments.of("where Meta should be", good.replace("ns0:Meta", "ns0:Payload")),
                Arguments.of("where SoftwareIdentity should be", good.replace("SoftwareIdentity", "SoftwareTag")),
                Arguments.of("where SoftwareIdentity should be", good.replace("19770/-2/2015", "19770/-2/2014")),
                Arguments.of("Entity has an attribute", good.replace("<ns0:Entity ", "<ns0:Entity thumbprint=\"x\" ")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void refusesText(String why, String text) {
        String actual = Rims.refused(
                SoftwareRim.reader().read(new SoftwareRim().text(text).bytes()));
        assertTrue(actual.contains(why), () -> "it was refused, but because " + actual);
    }

    @Test
    void readsEveryAlternativeInItsOrder() {
        var digests =
                Stream.of("01", "02", "03", "04").map(each -> each.repeat(48)).toList();
        var golden = Rims.signed(SoftwareRim.reader()
                        .read(new SoftwareRim()
                                .manifest(text().records(ManifestText.record(63, "True", digests)))
                                .bytes()))
                .manifest()
                .golden();
        assertEquals(63, golden.firstKey());
        assertEquals(
                digests.stream().map(Bytes::fromHex).toList(),
                golden.firstEntry().getValue().alternatives());
    }
}

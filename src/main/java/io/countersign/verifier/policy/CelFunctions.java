package io.countersign.verifier.policy;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/** The two functions that rules have beside CEL's own. An argument of the wrong form is an error, never false or true. */
final class CelFunctions {
    static final String VERSION_AT_LEAST = "version_at_least";
    static final String BITS_SET = "bits_set";
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9}){2}");
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2}){1,64}");

    private CelFunctions() {}

    static List<CelFunctionDecl> declarations() {
        return List.of(declaration(VERSION_AT_LEAST), declaration(BITS_SET));
    }

    static List<CelFunctionBinding> bindings() {
        return List.of(
                CelFunctionBinding.from(
                        overload(VERSION_AT_LEAST), String.class, String.class, CelFunctions::versionAtLeast),
                CelFunctionBinding.from(overload(BITS_SET), String.class, String.class, CelFunctions::bitsSet));
    }

    private static CelFunctionDecl declaration(String name) {
        return CelFunctionDecl.newFunctionDeclaration(
                name,
                CelOverloadDecl.newGlobalOverload(
                        overload(name), SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING));
    }

    private static String overload(String name) {
        return name + "_string_string";
    }

    static boolean isVersion(String text) {
        return VERSION.matcher(text).matches();
    }

    static boolean isHex(String text) {
        return HEX.matcher(text).matches();
    }

    /** Compared number by number: 1.56.0 is later than 1.55.40. */
    static boolean versionAtLeast(String version, String floor) {
        int[] found = numbers(version);
        int[] least = numbers(floor);
        return java.util.Arrays.compare(found, least) >= 0;
    }

    private static int[] numbers(String version) {
        if (!isVersion(version)) {
            throw new IllegalArgumentException("\"" + version + "\" is not a version such as 1.55.40");
        }
        return Pattern.compile("\\.")
                .splitAsStream(version)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** Whether every bit of the mask is set in the value; both are hex of the same length. */
    static boolean bitsSet(String value, String mask) {
        if (!isHex(value) || !isHex(mask) || value.length() != mask.length()) {
            throw new IllegalArgumentException("bits_set compares lowercase hex of equal length");
        }
        var wanted = new BigInteger(mask, 16);
        return new BigInteger(value, 16).and(wanted).equals(wanted);
    }
}

package io.countersign.verifier.policy;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.scheme.CompositeEvidence;
import io.countersign.verifier.scheme.Submodule;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The claims of a case with some of them as a test of a policy wants them. Each override changes that one claim alone. */
final class SupposedClaims {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]*");

    private final CompositeEvidence evidence;
    private final Map<String, Authentication> byLabel;
    private final Map<String, Map<String, Object>> values = new LinkedHashMap<>();

    private SupposedClaims(CompositeEvidence evidence, Map<String, Authentication> byLabel) {
        this.evidence = evidence;
        this.byLabel = byLabel;
    }

    /** By label; submodules of which the test supposes nothing are absent. */
    static Map<String, Claims> of(
            CompositeEvidence evidence, Map<String, Authentication> byLabel, PolicyTrial.Overrides overrides)
            throws TrialException {
        var supposed = new SupposedClaims(evidence, byLabel);
        for (String place : overrides.without()) {
            if (overrides.with().containsKey(place)) {
                throw new TrialException(place + " is set and taken away by the same test: keep one of the two");
            }
            Target target = supposed.target(place);
            supposed.values(target.submodule()).remove(target.definition().path());
        }
        for (var override : overrides.with().entrySet()) {
            Target target = supposed.target(override.getKey());
            Object value = typed(target.definition().type(), override.getValue())
                    .filter(typed -> !(target.definition().type() instanceof ClaimType.Version)
                            || CelFunctions.isVersion((String) typed))
                    .orElseThrow(() -> new TrialException("%s is %s; %s is not"
                            .formatted(
                                    override.getKey(),
                                    words(target.definition().type()),
                                    Shown.text(override.getValue()))));
            supposed.values(target.submodule()).put(target.definition().path(), value);
        }
        return supposed.built();
    }

    private record Target(Submodule submodule, ClaimDefinition definition) {}

    private Target target(String place) throws TrialException {
        int dot = place.indexOf('.');
        String label = dot < 0 ? place : place.substring(0, dot);
        String path = dot < 0 ? "" : place.substring(dot + 1);
        Submodule submodule = evidence.submodules().stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new TrialException("\"" + place + "\": the case holds no " + label + ", only "
                        + evidence.submodules().stream().map(Submodule::label).collect(Collectors.joining(", "))
                        + ". Write the label and the claim: cpu0.debug"));
        ClaimCatalogue catalogue = submodule.scheme().claims();
        ClaimDefinition definition = catalogue
                .find(path)
                .orElseThrow(() -> new TrialException("\"" + place + "\": evidence of the type "
                        + submodule.scheme().id() + " has no claim \"" + path + "\"; "
                        + Spelling.suggest(
                                path,
                                catalogue.definitions().stream()
                                        .map(ClaimDefinition::path)
                                        .collect(Collectors.toSet()))));
        return new Target(submodule, definition);
    }

    /** What the submodule says so far, as builders of claims take it. */
    private Map<String, Object> values(Submodule submodule) throws TrialException {
        Map<String, Object> begun = values.get(submodule.label());
        if (begun != null) {
            return begun;
        }
        Claims claims = Optional.ofNullable(byLabel.get(submodule.label()))
                .flatMap(Authentication::claims)
                .orElseThrow(() -> new TrialException("the evidence of " + submodule.label()
                        + " was rejected, so it has no claims to set or take away: use a case that is genuine"));
        var found = new LinkedHashMap<String, Object>();
        claims.byPath()
                .forEach((path, value) -> found.put(
                        path,
                        submodule
                                .scheme()
                                .claims()
                                .find(path)
                                .flatMap(definition -> typed(definition.type(), value))
                                .orElseThrow(() ->
                                        new IllegalStateException("a claim that was built is of its type: " + path))));
        values.put(submodule.label(), found);
        return found;
    }

    private Map<String, Claims> built() {
        var built = new LinkedHashMap<String, Claims>();
        evidence.submodules().forEach(submodule -> Optional.ofNullable(values.get(submodule.label()))
                .ifPresent(found -> {
                    Claims.Builder builder = Claims.of(submodule.scheme().claims());
                    found.forEach(builder::with);
                    built.put(submodule.label(), builder.build());
                }));
        return built;
    }

    /** The value that {@link ClaimType#rendered} would show as this one; nothing when there is none. */
    private static Optional<Object> typed(ClaimType type, Object shown) {
        return switch (type) {
            case ClaimType.Hex(int length) ->
                Optional.of(shown)
                        .filter(value -> value instanceof String text
                                && text.length() == 2 * length
                                && HEX.matcher(text).matches())
                        .<Object>map(text -> Bytes.copyOf(HexFormat.of().parseHex((String) text)));
            case ClaimType.Time _ -> Optional.of(shown).flatMap(SupposedClaims::instant);
            case ClaimType.Flag _ -> Optional.of(shown).filter(Boolean.class::isInstance);
            case ClaimType.UnsignedInteger _ -> Optional.of(shown).filter(SupposedClaims::isUnsigned);
            case ClaimType.Text _, ClaimType.Version _ -> Optional.of(shown).filter(String.class::isInstance);
            case ClaimType.Word(var words) -> Optional.of(shown).filter(words::contains);
            case ClaimType.TextList _ ->
                Optional.of(shown)
                        .filter(value ->
                                value instanceof List<?> list && list.stream().allMatch(String.class::isInstance));
            case ClaimType.UnsignedIntegerList _ ->
                Optional.of(shown)
                        .filter(value ->
                                value instanceof List<?> list && list.stream().allMatch(SupposedClaims::isUnsigned));
        };
    }

    private static boolean isUnsigned(Object value) {
        return value instanceof Long number && number >= 0 && number < 1L << 53;
    }

    private static Optional<Object> instant(Object value) {
        try {
            return value instanceof String text ? Optional.of(Instant.parse(text)) : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String words(ClaimType type) {
        return switch (type) {
            case ClaimType.Flag _ -> "true or false";
            case ClaimType.UnsignedInteger _ -> "a whole number from 0 on";
            case ClaimType.Text _ -> "a text";
            case ClaimType.Word(var words) -> "one of " + String.join(", ", words);
            case ClaimType.Version _ -> "a version such as \"1.55.40\"";
            case ClaimType.Hex(int length) -> length + " bytes of lowercase hex";
            case ClaimType.TextList _ -> "a list of texts";
            case ClaimType.UnsignedIntegerList _ -> "a list of whole numbers";
            case ClaimType.Time _ -> "a time such as \"2026-11-23T12:00:00Z\"";
        };
    }
}

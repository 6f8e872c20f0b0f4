package io.countersign.verifier.policy;

import dev.cel.runtime.CelRuntime;
import java.util.List;
import java.util.Optional;

/**
 * A part of a rule that is true or false by itself, with its own program.
 *
 * @param demand what it asks for, in words near to the rule's own
 * @param membership set where it compares one claim with reference values
 * @param claims the claims that it reads, as rules write them
 * @param floors the floors that it reads, as rules write them
 * @param sets the names of the reference values that it reads
 */
record Operand(
        String demand,
        Optional<Membership> membership,
        List<String> claims,
        List<String> floors,
        List<String> sets,
        CelRuntime.Program program) {
    /**
     * A claim and the reference values that it is to be one of.
     *
     * @param asked whether it is to be one of them or none
     */
    record Membership(String claim, String set, Asked asked) {}

    /** Which way round a membership is asked for. */
    enum Asked {
        ONE_OF,
        NONE_OF
    }

    Operand {
        claims = List.copyOf(claims);
        floors = List.copyOf(floors);
        sets = List.copyOf(sets);
    }

    /** What would have been good enough for this submodule. */
    String expected(RuleView view) {
        return membership.map(asked -> expected(asked, view)).orElse(demand) + floors(view);
    }

    /** Never the values themselves: whoever may see a refusal may not see what else runs here. */
    private static String expected(Membership membership, RuleView view) {
        return Optional.ofNullable(view.values().references().get(membership.set()))
                .map(set -> membership.claim()
                        + amongThose(membership.asked(), set.valuesAt(view.at()).size())
                        + CelWords.REFERENCES + set.name() + " (\"" + Shown.cut(set.note(), Shown.MAX_TEXT) + "\""
                        + (set.owner().isEmpty() ? "" : "; owner: " + Shown.cut(set.owner(), Shown.MAX_TEXT)) + ")")
                .orElse(membership.claim() + " in " + CelWords.REFERENCES + membership.set());
    }

    private static String amongThose(Asked asked, int number) {
        return number == 1
                ? (asked == Asked.ONE_OF ? " is the live value of " : " is not the live value of ")
                : (asked == Asked.ONE_OF ? " is one of the " : " is none of the ") + number + " live values of ";
    }

    /** The numbers behind the names, and whose they are. */
    private String floors(RuleView view) {
        if (floors.isEmpty()) {
            return "";
        }
        return floors.size() == 1
                ? " (" + floor(floors.getFirst(), view) + ")"
                : " (" + Shown.listed(floors, "; ", name -> name + " is " + floor(name, view)) + ")";
    }

    private static String floor(String name, RuleView view) {
        return view.shown(name).map(Shown::text).orElse("not known")
                + table(name, view).map(table -> ", " + brief(table.bulletin())).orElse("");
    }

    /** {@code AMD-SB-3019} of {@code AMD-SB-3019 (CVE-2024-56161)}. */
    private static String brief(String bulletin) {
        int more = bulletin.indexOf(" (");
        return Shown.cut(more > 0 ? bulletin.substring(0, more) : bulletin, Shown.MAX_TEXT);
    }

    /** The table that holds the floor of that name. */
    static Optional<FloorTable> table(String name, RuleView view) {
        String path = name.substring(CelWords.FLOORS.length());
        int dot = path.indexOf('.');
        return Optional.ofNullable(view.values().floors().get(dot < 0 ? path : path.substring(0, dot)));
    }
}

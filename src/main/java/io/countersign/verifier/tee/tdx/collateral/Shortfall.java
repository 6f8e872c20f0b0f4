package io.countersign.verifier.tee.tdx.collateral;

/**
 * One number that is lower than in the level to aim at, which is the first that is UpToDate, or else the best.
 *
 * @param component what the number counts, in words: "early microcode", or "SGX component 7" where Intel does not say
 * @param remedy what brings a higher one, as a sentence: "Update the BIOS"
 */
public record Shortfall(TcbPart part, String component, String remedy, int found, int wanted) {
    @Override
    public String toString() {
        return "%s is at %d, Intel wants %d".formatted(component, found, wanted);
    }
}

package io.countersign.verifier.tee.nvgpu;

import java.util.List;
import java.util.Optional;

/**
 * What the signed report says about the board, and what such boards are sold as. The report names a chip (GH100), never a
 * product: H100, H800 and H200 are told apart by these three ids alone.
 *
 * @param project PROJECT: {@code G520}
 * @param projectSku PROJECT_SKU: {@code 0200}
 * @param chipSku CHIP_SKU: {@code 885}
 */
record Board(String project, String projectSku, String chipSku) {
    /**
     * A product under its trade name.
     *
     * @param model what policies ask for: {@code H100}
     * @param source where the name and the ids stand together
     */
    record Product(Board board, String model, String name, String source) {}

    /** Only boards that a public document or report names; a board that is missing here has no model, and no guess. */
    static final List<Product> KNOWN = List.of(
            product("1010", "0200", "882", "H100", "H100 PCIe", "Cisco UCS firmware labels; NVIDIA/nvtrust, samples"),
            product("1010", "0210", "886", "H100", "H100 NVL", "Cisco UCS firmware labels"),
            product("1010", "0230", "894", "H200", "H200 NVL", "Cisco UCS firmware labels"),
            product("G520", "0200", "885", "H100", "H100 SXM5", "NVIDIA/nvtrust, Protected PCIe sample of an HGX H100"),
            product("G520", "0202", "885", "H100", "H100 SXM5", "NVIDIA/nvtrust, issue 101"),
            product("G520", "0280", "895", "H200", "H200 SXM5", "NVIDIA/nvtrust, issues 66 and 101"),
            product("G520", "0205", "865", "H800", "H800 SXM5", "NVIDIA/nvtrust, issues 144 and 151"));

    private static Product product(
            String project, String projectSku, String chipSku, String model, String name, String source) {
        return new Product(new Board(project, projectSku, chipSku), model, name, source);
    }

    Optional<Product> product() {
        return KNOWN.stream().filter(product -> product.board().equals(this)).findFirst();
    }

    /** As policies write it: {@code G520/0200/885}. */
    @Override
    public String toString() {
        return project + "/" + projectSku + "/" + chipSku;
    }
}

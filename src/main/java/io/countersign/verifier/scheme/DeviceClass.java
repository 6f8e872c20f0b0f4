package io.countersign.verifier.scheme;

/** What kind of device evidence is about; labels begin with its word. */
public enum DeviceClass {
    CPU("cpu"),
    GPU("gpu"),
    NVSWITCH("nvswitch");

    private final String word;

    DeviceClass(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}

package io.countersign.service.policies;

/** Policies as short as they can be. */
final class Texts {

    private Texts() {}

    static String policy(String id, String version) {
        return """
                policy: %s
                version: "%s"
                summary: A policy for tests.
                expect: { cpu: { types: [sev-snp] } }
                rules:
                  - name: guest of %s cannot be debugged
                    for: cpu
                    require: '!cpu.debug'
                    sets: configuration
                    because: It is a secret.
                """.formatted(id, version, id);
    }

    /** One that is refused. */
    static String broken(String id, String version) {
        return policy(id, version).replace("!cpu.debug", "!cpu.debg");
    }

    static String child(String id, String version, String parent) {
        return """
                policy: %s
                version: "%s"
                summary: A policy that draws in another.
                extends: [%s]
                """.formatted(id, version, parent);
    }
}

package io.countersign.chart;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.countersign.chart.HelmChart.Rendering;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that must not be installed, and the words that help whoever wrote them. */
class ChartRefusalsTest {
    private static void assertRefused(String values, String... words) {
        switch (HelmChart.tryToRender(values)) {
            case Rendering.Rendered _ -> fail("rendered:\n" + values);
            case Rendering.Refused(String why) -> {
                for (String word : words) {
                    assertTrue(why.contains(word), () -> "\"%s\" is not in: %s".formatted(word, why));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    image: {repository: ""}                      | image.repository is not set: name the repository
                    image: {digest: ""}                          | set image.digest
                    image: {tag: latest}                         | image.digest and image.tag are both set
                    issuer: ""                                   | issuer is not set
                    signingKeys: {secret: ""}                    | docs/keys.md
                    replicas: 2                                  | replicas is 2, but redis.secret is not set
                    autoscaling: {enabled: true}                 | autoscaling.enabled is true, but redis.secret is not set
                    redis: {secret: r}                           | redis.secret is set, but challenges.secret is not
                    challenges: {secret: c}                      | challenges.secret is set, but redis.secret is not
                    {redis: {secret: r}, challenges: {secret: c}} | networkPolicy.redis is empty
                    insecure: {enabled: true}                    | nothing here is attested by genuine hardware
                    insecure: {enabled: true, because: "yes"}    | no verdict proves anything
                    insecure: {enabled: true, because: nothing here is attested by genuine hardware} | insecure.anchors is empty
                    insecure: {because: nothing here is attested by genuine hardware} | insecure.enabled is false
                    policies: {files: {a.yaml: x}, configMap: b} | both set
                    tls: {clientAuthorities: c}                  | tls.secret is not
                    callers: {kms: {certificateSan: ["DNS:a"]}}  | tls.clientAuthorities is not set
                    callers: {kms: {oidcSubject: a, audiences: [kmz]}} | callers.kms.audiences names kmz
                    config: {countersign.insecure.enabled: true} | use the value insecure instead
                    config: {countersign.data-dir: /tmp}         | use the value data instead
                    config: {countersign.audiences.a.uri: b}     | use the value audiences instead
                    config: {quarkus.tls.server.trust-all: true} | use the value tls instead
                    config: {quarkus.http.root-path: /x}         | probes and paths rely on its default
                    config: {quarkus.profile: dev}               | probes and paths rely on its default
                    config: {countersign.token.rotation.every: 90d} | a mounted Secret cannot be written
                    configFromSecrets: {countersign.insecure.enabled: {secret: a, key: b}} | use the value insecure instead
                    config: {countersign.collateral.nvidia-api-key: abc} | configFromSecrets
                    config: {quarkus.redis.password: abc}        | looks like a secret
                    javaOptions: -Dcountersign.insecure.enabled=true | put it under config
                    {redis: {secret: r}, challenges: {secret: c}, networkPolicy: {redis: [{podSelector: {}}]}, autoscaling: {enabled: true, minReplicas: 9, maxReplicas: 3}} | swap them
                    """)
    void whatDoesNotGoTogetherIsRefusedWithASentenceThatHelps(String values, String words) {
        assertRefused(ValueSet.with(values), words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    replica: 2                                   | additional properties 'replica' not allowed
                    image: {repo: a}                             | additional properties 'repo' not allowed
                    audiences: {kms: {uri: a, policies: [b], nonce: c}} | additional properties 'nonce' not allowed
                    audiences: {kms: {uri: a}}                   | missing property 'policies'
                    audiences: {KMS: {uri: a, policies: [b]}}    | KMS
                    callers: {kms: {secret: plain-text}}         | additional properties 'secret' not allowed
                    callers: {kms: {secretSha256: abc}}          | /callers/kms/secretSha256
                    replicas: "2"                                | got string, want integer
                    replicas: 0                                  | minimum
                    runAs: {user: 0}                             | minimum
                    disruptionBudget: {maxUnavailable: 0}        | minimum
                    audit: {to: off}                             | /audit/to
                    image: {digest: "sha256:abc"}                | does not match pattern
                    issuer: https://attest.example/              | does not match pattern
                    policies: {files: {notes.txt: a}}            | notes.txt
                    networkPolicy: {clients: [{}]}               | minProperties
                    networkPolicy: {clients: [{podSelecter: {}}]} | additional properties 'podSelecter' not allowed
                    probes: {readiness: {path: /}}               | additional properties 'path' not allowed
                    config: {server.port: 1}                     | server.port
                    config: {quarkus.log: {level: DEBUG}}        | got object
                    pod: {labels: {on: yes}}                     | got boolean, want string
                    """)
    void whatTheSchemaDoesNotKnowIsRefusedByHelmItself(String values, String words) {
        assertRefused(ValueSet.with(values), "values don't meet the specifications of the schema", words);
    }
}

package io.countersign.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** What operators want, one set of values each. */
enum ValueSet {
    LEAST(""),

    PLAIN("""
            audiences:
              kms: { uri: "https://kms.example", policies: [gateway] }
            policies:
              files:
                gateway.yaml: |
                  policy: gateway
                  version: "1"
            networkPolicy:
              clients: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kms } } }]
            """),

    REDIS_AND_AUTOSCALING("""
            redis: { secret: redis }
            challenges: { secret: challenges }
            autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 9, targetCpuPercent: 50 }
            networkPolicy: { redis: [{ podSelector: { matchLabels: { app: redis } } }], redisPort: 6380 }
            """),

    CLAIMS("""
            data: { persistent: true, size: 2Gi, storageClass: fast }
            audit: { to: volume, size: 20Gi }
            """),

    /** One claim of the two, so that the other volume is an emptyDir. */
    AUDIT_CLAIM("audit: { to: volume }"),

    MUTUAL_TLS("""
            tls: { secret: server, clientAuthorities: authorities }
            audiences: { kms: { uri: "https://kms.example", policies: [gateway] } }
            callers: { kms: { certificateSan: ["URI:spiffe://example/kms"], audiences: [kms], roles: [attest] } }
            serviceMonitor: { enabled: true, tlsConfig: { ca: { configMap: { name: ca, key: ca.crt } }, serverName: attest.example } }
            """),

    OWN_POLICIES_OFFLINE("""
            policies: { configMap: my-policies, signers: "-----BEGIN PUBLIC KEY-----\\nMFkw\\n-----END PUBLIC KEY-----\\n" }
            collateral: { offline: true }
            """),

    PLATFORM_CHOOSES_THE_USER("""
            runAs: { user: null, group: null }
            scheduling: { spreadOver: [] }
            shutdown: { drainSeconds: 0 }
            """),

    LABORATORY("""
            insecure:
              enabled: true
              because: nothing here is attested by genuine hardware
              anchors: |
                # anchor: amd-ark Milan
                -----BEGIN CERTIFICATE-----
                MIIB
                -----END CERTIFICATE-----
            """),

    EVERYTHING("""
            image: { digest: "", tag: "0.1.0", pullPolicy: Always, pullSecrets: [registry] }
            audiences:
              kms: { uri: "https://kms.example", policies: [gateway, other], callerNonce: true, typ: JWT, dialect: ear-legacy, detail: full }
              second-kms: { uri: "urn:kms:2", policies: [gateway] }
            callers:
              kms:
                secretSha256: 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
                certificateSha256: [0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0]
                certificateKeySha256: [0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0]
                certificateSan: ["DNS:kms.example"]
                oidcSubject: "system:serviceaccount:kms:kms"
                audiences: [kms, second-kms]
                roles: [attest, read-policies]
            anonymous: [none]
            defaultPolicy: cpu-only
            policies:
              files: { gateway.yaml: "policy: gateway", gateway.yaml.sig: "c2ln", case.json: "{}" }
              poll: 5s
            signingKeys: { poll: 10s }
            redis: { secret: redis, key: address }
            challenges: { secret: challenges, key: bytes }
            data: { persistent: true }
            audit: { to: volume }
            tls: { secret: server, clientAuthorities: authorities, clientAuthoritiesKey: all.pem }
            autoscaling: { enabled: true }
            resources: { requests: { cpu: 2, memory: 1Gi }, limits: { cpu: 4, memory: 2Gi } }
            javaOptions: "-XX:MaxRAMPercentage=60"
            scheduling:
              nodeSelector: { pool: attest }
              tolerations: [{ key: attest, operator: Equal, value: "yes", effect: NoSchedule }]
              affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: rack, labelSelector: { matchLabels: { a: b } } } }] } }
              priorityClassName: high
            pod: { labels: { team: trust }, annotations: { note: "hello" } }
            service: { type: LoadBalancer, port: 8443, annotations: { cloud.example/internal: "true" } }
            networkPolicy:
              clients: [{ ipBlock: { cidr: 192.0.2.0/24 } }]
              monitoring: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }]
              redis: [{ podSelector: { matchLabels: { app: redis } } }]
              egress: [{ to: [{ podSelector: { matchLabels: { app: otel } } }], ports: [{ port: 4317, protocol: TCP }] }]
            serviceMonitor: { enabled: true, interval: 15s, labels: { release: prometheus }, bearerSecret: scrape, tlsConfig: { insecureSkipVerify: true } }
            prometheusRule: { enabled: true, labels: { release: prometheus } }
            dashboard: { enabled: true, labels: { folder: trust } }
            config: { countersign.recording.max-bytes: 1073741824, quarkus.log.console.json.enabled: true, countersign.store.prefix: 'c\\d:' }
            configFromSecrets: { countersign.collateral.nvidia-api-key: { secret: nvidia, key: api } }
            nameOverride: verifier
            fullnameOverride: the-verifier
            """);

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String LEAST_THERE_MUST_BE = """
            image:
              repository: registry.example/trust/countersign
              digest: sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
            issuer: https://attest.example
            signingKeys: { secret: signing-keys }
            """;

    private final String own;

    ValueSet(String own) {
        this.own = own;
    }

    String text() {
        return with(own);
    }

    /** What must be there, with further values over it. */
    static String with(String further) {
        return write(merged((ObjectNode) read(LEAST_THERE_MUST_BE), read(further)));
    }

    static JsonNode read(String yaml) {
        try {
            JsonNode tree = YAML.readTree(yaml);
            return tree.isObject() ? tree : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String write(JsonNode tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** As Helm merges values: objects member by member, everything else as a whole. */
    static ObjectNode merged(ObjectNode under, JsonNode over) {
        over.properties().forEach(each -> {
            JsonNode below = under.get(each.getKey());
            if (below instanceof ObjectNode object && each.getValue().isObject()) {
                merged(object, each.getValue());
            } else {
                under.set(each.getKey(), each.getValue());
            }
        });
        return under;
    }
}

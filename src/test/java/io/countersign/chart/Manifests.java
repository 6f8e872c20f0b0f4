package io.countersign.chart;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rendered text, read as a strict API server would: known kinds only, no member that the kind does not have at any depth, no
 * member twice, no number where a text belongs.
 */
final class Manifests {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Service", Service.class,
            "v1 ServiceAccount", ServiceAccount.class,
            "apps/v1 Deployment", Deployment.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class,
            "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class);

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());
    private static final JsonMapper MODEL = model();

    private Manifests() {}

    /** One object, as written and as read. */
    record Manifest(JsonNode written, HasMetadata read) {}

    /** A text that no strict reader takes. */
    static final class NotStrictException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotStrictException(String message) {
            super(message);
        }

        NotStrictException(String message, Exception cause) {
            super(message, cause);
        }
    }

    private static JsonMapper model() {
        var builder = JsonMapper.builder().disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            builder.withCoercionConfig(LogicalType.Textual, config -> config.setCoercion(shape, CoercionAction.Fail));
        }
        return builder.build();
    }

    static List<Manifest> read(String text) {
        var manifests = new ArrayList<Manifest>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (!document.isNull() && !document.isMissingNode()) {
                    manifests.add(read(document));
                }
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof NotStrictException strict) {
                throw strict;
            }
            throw new NotStrictException("no YAML, or no such kind: " + e.getMessage(), e);
        }
        return manifests;
    }

    private static Manifest read(JsonNode document) throws IOException {
        String kind = document.path("apiVersion").asText() + " "
                + document.path("kind").asText();
        var type = KINDS.get(kind);
        if (type == null) {
            throw new NotStrictException("a kind that nobody expects: " + kind);
        }
        HasMetadata object = MODEL.treeToValue(document, type);
        refuseUnknown(object, object.getKind() + " " + object.getMetadata().getName());
        return new Manifest(document, object);
    }

    /** The model keeps what it does not know aside, at every depth. */
    private static void refuseUnknown(@Nullable Object value, String place) {
        switch (value) {
            case null -> {}
            case Collection<?> many -> {
                int index = 0;
                for (Object each : many) {
                    refuseUnknown(each, "%s[%d]".formatted(place, index));
                    index++;
                }
            }
            case Map<?, ?> map -> map.forEach((key, each) -> refuseUnknown(each, place + "." + key));
            case Object object when object.getClass().getName().startsWith("io.fabric8.") -> members(object, place);
            default -> {}
        }
    }

    private static void members(Object object, String place) {
        for (Method method : object.getClass().getDeclaredMethods()) {
            boolean getter = method.getName().startsWith("get")
                    && method.getParameterCount() == 0
                    && Modifier.isPublic(method.getModifiers())
                    && !Modifier.isStatic(method.getModifiers());
            if (!getter || method.isSynthetic()) {
                continue;
            }
            Object found = value(method, object);
            if (!method.getName().equals("getAdditionalProperties")) {
                refuseUnknown(found, place + "." + method.getName().substring("get".length()));
            } else if (found instanceof Map<?, ?> unknown && !unknown.isEmpty()) {
                throw new NotStrictException("%s has no member %s".formatted(place, unknown.keySet()));
            }
        }
    }

    private static @Nullable Object value(Method getter, Object object) {
        try {
            return getter.invoke(object);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(getter.toString(), e);
        }
    }
}

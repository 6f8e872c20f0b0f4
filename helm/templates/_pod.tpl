{{/* The pod, the same in a Deployment and in a StatefulSet. */}}
{{- define "countersign.pod" -}}
{{- $v := .Values -}}
metadata:
  labels:
    # Not all labels: a chart that only got a new version should not roll the pods.
    {{- include "countersign.selector" . | nindent 4 }}
    app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
    {{- with $v.pod.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # Settings are read at start, so a change of them rolls the pods. Policies and keys are read live, and change nothing here.
    checksum/config: {{ include "countersign.configData" . | sha256sum }}
    {{- with $v.pod.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "countersign.fullname" . }}
  # It never speaks to Kubernetes, so it has nothing to speak with.
  automountServiceAccountToken: false
  # A Service's variables begin with its name: COUNTERSIGN_PORT and the like would be read as settings.
  enableServiceLinks: false
  {{- with $v.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . | quote }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    {{- with $v.runAs.user }}
    runAsUser: {{ int . }}
    {{- end }}
    {{- with $v.runAs.group }}
    runAsGroup: {{ int . }}
    fsGroup: {{ int . }}
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
  terminationGracePeriodSeconds: {{ add (int $v.shutdown.drainSeconds) (int $v.shutdown.requestSeconds) 5 }}
  {{- with $v.scheduling.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with $v.scheduling.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.scheduling.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.scheduling.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.scheduling.spreadOver }}
  topologySpreadConstraints:
    {{- range . }}
    - maxSkew: 1
      topologyKey: {{ . | quote }}
      whenUnsatisfiable: {{ $v.scheduling.whenUnsatisfiable }}
      labelSelector:
        matchLabels:
          {{- include "countersign.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  containers:
    - name: countersign
      image: {{ include "countersign.image" . | quote }}
      imagePullPolicy: {{ $v.image.pullPolicy }}
      securityContext:
        privileged: false
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        runAsNonRoot: true
        capabilities:
          drop:
            - ALL
        seccompProfile:
          type: RuntimeDefault
      env:
        # Instead of the place that the image names: a folder of its own, so that nothing is mounted inside a mount.
        - name: SMALLRYE_CONFIG_LOCATIONS
          value: /etc/countersign/config/application.properties
        {{- with $v.javaOptions }}
        - name: JAVA_TOOL_OPTIONS
          value: {{ . | quote }}
        {{- end }}
        {{- if $v.redis.secret }}
        - name: COUNTERSIGN_REDIS_URL
          valueFrom:
            secretKeyRef:
              name: {{ $v.redis.secret | quote }}
              key: {{ $v.redis.key | quote }}
        {{- end }}
        {{- range $key, $from := $v.configFromSecrets }}
        - name: {{ regexReplaceAll "[^A-Za-z0-9]" $key "_" | upper }}
          valueFrom:
            secretKeyRef:
              name: {{ $from.secret | quote }}
              key: {{ $from.key | quote }}
        {{- end }}
      ports:
        - name: {{ include "countersign.port" . }}
          containerPort: {{ include "countersign.portNumber" . }}
          protocol: TCP
      {{- range $kind, $path := dict "startup" "started" "liveness" "live" "readiness" "ready" }}
      {{- $probe := index $v.probes $kind }}
      {{ $kind }}Probe:
        httpGet:
          path: /q/health/{{ $path }}
          port: {{ include "countersign.port" $ }}
          scheme: {{ include "countersign.port" $ | upper }}
        periodSeconds: {{ int $probe.periodSeconds }}
        failureThreshold: {{ int $probe.failureThreshold }}
        timeoutSeconds: {{ int $v.probes.timeoutSeconds }}
      {{- end }}
      {{- with $v.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: config
          mountPath: /etc/countersign/config
          readOnly: true
        - name: keys
          mountPath: /etc/countersign/keys
          readOnly: true
        {{- if include "countersign.policiesConfigMap" . }}
        # Whole folders, never single files: a file mounted by subPath would not follow its ConfigMap.
        - name: policies
          mountPath: /etc/countersign/policies
          readOnly: true
        {{- end }}
        {{- if $v.challenges.secret }}
        - name: challenge
          mountPath: /etc/countersign/challenge
          readOnly: true
        {{- end }}
        {{- if $v.tls.secret }}
        - name: tls
          mountPath: /etc/countersign/tls
          readOnly: true
        {{- end }}
        {{- if $v.tls.clientAuthorities }}
        - name: client-authorities
          mountPath: /etc/countersign/client-authorities
          readOnly: true
        {{- end }}
        - name: data
          mountPath: /var/lib/countersign
        {{- if eq $v.audit.to "volume" }}
        - name: audit
          mountPath: /var/log/countersign
        {{- end }}
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: config
      configMap:
        name: {{ include "countersign.fullname" . }}
    - name: keys
      secret:
        secretName: {{ $v.signingKeys.secret | quote }}
        defaultMode: 288 # 0440: owned by root, read through the group
    {{- with include "countersign.policiesConfigMap" . }}
    - name: policies
      configMap:
        name: {{ . | quote }}
    {{- end }}
    {{- if $v.challenges.secret }}
    - name: challenge
      secret:
        secretName: {{ $v.challenges.secret | quote }}
        defaultMode: 288 # 0440: owned by root, read through the group
        items:
          - key: {{ $v.challenges.key | quote }}
            path: secret
    {{- end }}
    {{- if $v.tls.secret }}
    - name: tls
      secret:
        secretName: {{ $v.tls.secret | quote }}
        defaultMode: 288 # 0440: owned by root, read through the group
    {{- end }}
    {{- if $v.tls.clientAuthorities }}
    - name: client-authorities
      configMap:
        name: {{ $v.tls.clientAuthorities | quote }}
        items:
          - key: {{ $v.tls.clientAuthoritiesKey | quote }}
            path: ca.crt
    {{- end }}
    {{- if not $v.data.persistent }}
    - name: data
      emptyDir:
        sizeLimit: {{ $v.data.size }}
    {{- end }}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
{{- end -}}

{{/* One claim. */}}
{{- define "countersign.claim" -}}
- metadata:
    name: {{ .name }}
  spec:
    accessModes:
      - ReadWriteOnce
    {{- with .storageClass }}
    storageClassName: {{ . | quote }}
    {{- end }}
    resources:
      requests:
        storage: {{ .size }}
{{- end -}}

{{/* What everything is called. */}}
{{- define "countersign.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "countersign.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods, and never changes. */}}
{{- define "countersign.selector" -}}
app.kubernetes.io/name: {{ include "countersign.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "countersign.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "countersign.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "countersign.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* The name of the port, and the scheme, in the words of each place. */}}
{{- define "countersign.port" -}}
{{- ternary "https" "http" (ne .Values.tls.secret "") -}}
{{- end -}}

{{- define "countersign.portNumber" -}}
{{- ternary "8443" "8080" (ne .Values.tls.secret "") -}}
{{- end -}}

{{- define "countersign.servicePort" -}}
{{- if .Values.service.port -}}
{{- int .Values.service.port -}}
{{- else -}}
{{- ternary "443" "80" (ne .Values.tls.secret "") -}}
{{- end -}}
{{- end -}}

{{/* A claim for each replica needs a StatefulSet; without one, a Deployment is quicker to roll. */}}
{{- define "countersign.claims" -}}
{{- if or .Values.data.persistent (eq .Values.audit.to "volume") -}}true{{- end -}}
{{- end -}}

{{- define "countersign.policiesConfigMap" -}}
{{- if .Values.policies.configMap -}}
{{- .Values.policies.configMap -}}
{{- else if .Values.policies.files -}}
{{- include "countersign.fullname" . -}}-policies
{{- end -}}
{{- end -}}

{{/* How many pods there may be at most. */}}
{{- define "countersign.mostReplicas" -}}
{{- if .Values.autoscaling.enabled -}}
{{- int .Values.autoscaling.maxReplicas -}}
{{- else -}}
{{- int .Values.replicas -}}
{{- end -}}
{{- end -}}

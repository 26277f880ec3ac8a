{{/* The start of every name. */}}
{{- define "narthex.name" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains "narthex" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}{{ printf "%s-narthex" .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "narthex.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (printf "%s-operator" (include "narthex.name" .)) }}
{{- end }}

{{/* What selects the operator's pod: never changes between versions. */}}
{{- define "narthex.selector" -}}
app.kubernetes.io/name: narthex-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "narthex.labels" -}}
{{ include "narthex.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: narthex
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

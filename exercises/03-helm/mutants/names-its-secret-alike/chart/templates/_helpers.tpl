{{/* One release is one trip-api: whatever belongs to it carries the release's name. */}}
{{- define "trip-api.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{/* What a selector may hold: it tells this release from others, and never changes. */}}
{{- define "trip-api.selectorLabels" -}}
app.kubernetes.io/name: trip-api
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "trip-api.labels" -}}
{{ include "trip-api.selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: fleet
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "trip-api.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ printf "%s@%s" .repository .digest }}
{{- else -}}
{{ printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "trip-api.secretName" -}}
{{- if .Values.token.value -}}
trip-api-own-token
{{- else -}}
{{ required "token.existingSecret or token.value has to be set" .Values.token.existingSecret }}
{{- end -}}
{{- end -}}

{{/* What every pod of the chart has to keep to: the restricted Pod Security Standard. */}}
{{- define "trip-api.podSecurityContext" -}}
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "trip-api.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

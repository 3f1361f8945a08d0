{{- define "ballast.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* "ballast" for a release of that name; 40 characters, so that pods and their hashes fit behind it. */}}
{{- define "ballast.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "ballast.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "ballast.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "ballast.selector" -}}
app.kubernetes.io/name: {{ include "ballast.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end }}

{{- define "ballast.labels" -}}
{{ include "ballast.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "ballast.account" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "ballast.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- required "serviceAccount.name: name the account to use, or set serviceAccount.create" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "ballast.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{/* JSON list of the watched namespaces. */}}
{{- define "ballast.namespaces" -}}
{{- .Values.watch.namespaces | default (list .Release.Namespace) | uniq | toJson }}
{{- end }}

{{/* What the controller may do where its pools and jobs are: as in k8s/base/role.yaml. */}}
{{- define "ballast.rules" -}}
- apiGroups: [ballast.dev]
  resources: [browserpools]
  verbs: [list, watch]
- apiGroups: [ballast.dev]
  resources: [testjobs]
  verbs: [list, watch, delete]
- apiGroups: [ballast.dev]
  resources: [browserpools/status, testjobs/status]
  verbs: [patch]
- apiGroups: [ballast.dev]
  resources: [browserpools/scale]
  verbs: [update]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [list, watch, create, patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}

{{/* http or https. */}}
{{- define "ballast.scheme" -}}
{{- ternary "https" "http" (ne .Values.tls.secretName "") }}
{{- end }}

{{/* What all workers have in common: pull secrets, by what they know the controller, and the values' template. */}}
{{- define "ballast.workerTemplate" -}}
{{- $template := deepCopy .Values.workers.podTemplate }}
{{- if .Values.imagePullSecrets }}
{{- $template = mergeOverwrite (dict "spec" (dict "imagePullSecrets" .Values.imagePullSecrets)) $template }}
{{- end }}
{{- with .Values.tls.secretName }}
{{- $file := "/etc/ballast-tls/ca.crt" }}
{{- $agent := dict "name" "agent" "env" (list (dict "name" "BALLAST_CA_FILE" "value" $file)) "volumeMounts" (list (dict "name" "controller-ca" "mountPath" "/etc/ballast-tls" "readOnly" true)) }}
{{- $volume := dict "name" "controller-ca" "secret" (dict "secretName" . "items" (list (dict "key" "ca.crt" "path" "ca.crt"))) }}
{{- $spec := $template.spec | default dict }}
{{- $containers := list }}
{{- $merged := false }}
{{- range $spec.containers }}
{{- if eq .name "agent" }}
{{- $merged = true }}
{{- $containers = append $containers (merge (dict "env" (concat (.env | default list) $agent.env) "volumeMounts" (concat (.volumeMounts | default list) $agent.volumeMounts)) .) }}
{{- else }}
{{- $containers = append $containers . }}
{{- end }}
{{- end }}
{{- if not $merged }}
{{- $containers = append $containers $agent }}
{{- end }}
{{- $template = mergeOverwrite $template (dict "spec" (dict "containers" $containers "volumes" (append ($spec.volumes | default list) $volume))) }}
{{- end }}
{{- if $template }}
{{- toYaml $template }}
{{- end }}
{{- end }}

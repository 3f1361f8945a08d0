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

{{/* What all workers have in common: what the values say of them, and over it the values' template. */}}
{{- define "ballast.workerTemplate" -}}
{{- $spec := dict }}
{{- if .Values.imagePullSecrets }}
{{- $_ := set $spec "imagePullSecrets" .Values.imagePullSecrets }}
{{- end }}
{{- $agent := dict }}
{{- $browser := dict }}
{{- $env := list }}
{{- $mounts := list }}
{{- $volumes := list }}
{{- $policy := default .Values.image.pullPolicy .Values.workers.imagePullPolicy }}
{{- if ne $policy "IfNotPresent" }}
{{- $_ := set $agent "imagePullPolicy" $policy }}
{{- end }}
{{- with .Values.workers.proxy }}
{{- if or .https .http }}
{{- $near := concat (list "localhost" "127.0.0.1" ".svc" ".cluster.local") .noProxy | join "," }}
{{- range $name, $value := dict "HTTPS_PROXY" .https "HTTP_PROXY" .http "NO_PROXY" $near }}
{{- if $value }}
{{- $env = append $env (dict "name" $name "value" $value) }}
{{- end }}
{{- end }}
{{- $_ := set $browser "env" $env }}
{{- end }}
{{- end }}
{{- with .Values.workers.extraCAs }}
{{- if .configMap }}
{{- $volumes = append $volumes (dict "name" "extra-cas" "configMap" (dict "name" .configMap)) }}
{{- $mounts = append $mounts (dict "name" "extra-cas" "mountPath" "/etc/ballast-cas" "readOnly" true) }}
{{- $env = append $env (dict "name" "BALLAST_MODELS_CA_FILE" "value" (printf "/etc/ballast-cas/%s" .key)) }}
{{- end }}
{{- end }}
{{- with .Values.workers.modelCache }}
{{- if and .hostPath .claimName }}
{{- fail "workers.modelCache: a hostPath or a claimName, not both" }}
{{- end }}
{{- if .hostPath }}
{{- $volumes = append $volumes (dict "name" "models" "hostPath" (dict "path" .hostPath "type" "Directory")) }}
{{- else if .claimName }}
{{- $volumes = append $volumes (dict "name" "models" "persistentVolumeClaim" (dict "claimName" .claimName)) }}
{{- end }}
{{- if or .hostPath .claimName }}
{{- $mounts = append $mounts (dict "name" "models" "mountPath" "/data/models") }}
{{- end }}
{{- end }}
{{- with .Values.tls.secretName }}
{{- $volumes = append $volumes (dict "name" "controller-ca" "secret" (dict "secretName" . "items" (list (dict "key" "ca.crt" "path" "ca.crt")))) }}
{{- $mounts = append $mounts (dict "name" "controller-ca" "mountPath" "/etc/ballast-tls" "readOnly" true) }}
{{- $env = append $env (dict "name" "BALLAST_CA_FILE" "value" "/etc/ballast-tls/ca.crt") }}
{{- end }}
{{- if $env }}
{{- $_ := set $agent "env" $env }}
{{- end }}
{{- if $mounts }}
{{- $_ := set $agent "volumeMounts" $mounts }}
{{- end }}
{{- $containers := list }}
{{- if $agent }}
{{- $containers = append $containers (merge (dict "name" "agent") $agent) }}
{{- end }}
{{- if $browser }}
{{- $containers = append $containers (merge (dict "name" "browser") $browser) }}
{{- end }}
{{- if $containers }}
{{- $_ := set $spec "containers" $containers }}
{{- end }}
{{- if $volumes }}
{{- $_ := set $spec "volumes" $volumes }}
{{- end }}
{{- $own := deepCopy .Values.workers.podTemplate }}
{{- if and $own $own.spec }}
{{- range $list := list "containers" "volumes" }}
{{- if and (hasKey $own.spec $list) (hasKey $spec $list) }}
{{- $_ := set $own.spec $list (concat (get $spec $list) (get $own.spec $list)) }}
{{- end }}
{{- end }}
{{- end }}
{{- $template := $own }}
{{- if $spec }}
{{- $template = mergeOverwrite (dict "spec" $spec) $own }}
{{- end }}
{{- if $template }}
{{- toYaml $template }}
{{- end }}
{{- end }}

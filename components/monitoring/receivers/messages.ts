/** What Slack takes for marks of its own, as text. */
const forSlack = ' | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"';

/** What is said of each alert, in words that a receiver may want escaped. */
const alerts = (name: string, escaped: string): string => `{{ define "twofold.${name}" }}{{ range .Alerts -}}
{{ if eq .Status "resolved" }}Over: {{ end }}{{ .Annotations.summary${escaped} }}
{{ with .Annotations.description }}{{ .${escaped} }}
{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "15:04:05 UTC" }}{{ end }}
{{- with .Annotations.runbook_url }}
Runbook: {{ .${escaped} }}{{ end }}
{{- with .Annotations.dashboard_url }}
Dashboard: {{ .${escaped} }}{{ end }}

{{ end }}{{ end }}
`;

/**
 * What a message says: which alert of which service, since when, how bad, and where to read on. Nothing of it comes from
 * outside of the alert, so a message holds no secret unless a label or an annotation does.
 */
export const messageTemplates = `{{ define "twofold.title" -}}
[{{ if eq .Status "firing" }}{{ or .CommonLabels.severity "alert" | toUpper }}{{ else }}RESOLVED{{ end }}] {{ .GroupLabels.alertname }}
{{- with .GroupLabels.service }} of {{ . }}{{ end }}{{ with .GroupLabels.system }} in {{ . }}{{ end }}
{{- end }}

${alerts("text", "")}
${alerts("slack-text", forSlack)}
{{ define "twofold.message" }}{{ template "twofold.title" . }}
{{ template "twofold.text" . }}{{ end }}
`;

package main

import (
	"fmt"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/manual"
)

// topics are what segq help explains besides commands and the language. Each makes its text of the
// tables that the code uses.
func topics() []help.Topic {
	return []help.Topic{
		{Name: "exit-status", Short: "with which statuses segq ends", Text: exitTopic},
		{Name: "environment", Short: "the variables that segq reads", Text: environmentTopic},
		{Name: "analysis", Short: "--by, --funnel, --near, --lift, --overlap and --values: what their columns and figures mean", Text: analysisTopic, Also: analysisWords},
		{Name: "lookups", Short: "--lookup and --lookup-how: fields of other files beside the keys of profiles", Text: lookupsTopic, Also: lookupWords},
		{Name: "personal", Short: "personal data: which fields are, and what is told of their values where", Text: personalTopic, Also: personalWords},
		{Name: "configuration", Short: "the files of settings, and what a project may set", Text: configurationTopic},
		{Name: "redis", Short: "the queue: workers, jobs, and where Redis is", Text: redisTopic},
		{Name: "formats", Short: "the formats of data and of output", Text: formatsTopic},
		{Name: "pql", Short: "the query language in a page: operators, functions, chapters", Text: pqlTopic},
		{Name: "manual", Short: "the complete manual of the language", Text: lang.Manual},
	}
}

func exitTopic() string {
	var b strings.Builder
	b.WriteString("## Exit statuses\n\n" + exitTable() + "\n")
	b.WriteString("A run of several queries ends with 5 if only some of them failed; a bug (7), and data that is lost meanwhile (3), come before that.\n")
	return b.String()
}

// exitTable is the table of statuses, which README.md has too.
func exitTable() string {
	var b strings.Builder
	b.WriteString("| status | meaning |\n|---|---|\n")
	for _, m := range exit.Statuses() {
		fmt.Fprintf(&b, "| %s | %s |\n", m.Code(), strings.ReplaceAll(m.Text, "|", `\|`))
	}
	return b.String()
}

// variables are all environment variables that segq reads, itself or in the libraries that it is
// made of. A test finds what the code asks for.
var variables = []struct{ name, meaning string }{
	{"SEGQ_REDIS_URL", "the Redis of --redis: a URL with a password belongs here, and not on the command line"},
	{"SEGQ_REDIS_SECRET, SEGQ_REDIS_SECRET_FILE", "in the environment of the executors of a cluster: the Redis to which they tell how far they are, a URL, or a file that has it. Spark shows nobody the value of a variable with such a name"},
	{"SEGQ_REDIS_CA", "there, and wherever --redis-ca may be given: the authorities to trust for rediss://"},
	{"SEGQ_CONFIG", "a configuration file that is read in place of your own, as --config"},
	{"SEGQ_NO_CONFIG", "1: read no configuration file, as --no-config"},
	{"XDG_STATE_HOME", "where segq remembers what you did, the history of sessions (segq/history.ndjson) among it; else below ~/.local/state"},
	{"SEGQ_HISTORY", "another file for that history, as --history; off keeps none"},
	{"XDG_DATA_HOME", "where saved segments and sets of rules are kept, in segq/store.json; else below ~/.local/share"},
	{"XDG_CONFIG_HOME, XDG_CONFIG_DIRS", "where configuration files are: segq/config.toml below them"},
	{"SEGQ_MEMORY and the like", "any flag that a configuration file may set, as SEGQ_ and its name in capitals, with _ for -: segq config show --all lists them"},
	{"SEGQ_KERNEL", "the kernels to use, instead of the best that the processor has: avx512, avx2, neon or portable"},
	{"SEGQ_COMPLETION_DESCRIPTIONS", "0: completion in the shell without descriptions"},
	{"SEGQ_COMPLETION_AFTER, SEGQ_COMPLETION_WIDTH", "set by the scripts of segq completion: the words behind the cursor, and the columns of the terminal"},
	{"SOURCE_DATE_EPOCH", "the date of the pages of segq man, in seconds since 1970"},
	{"NO_COLOR", "no colours, if it is set to anything (https://no-color.org); --color takes precedence"},
	{"SEGQ_PAGER, PAGER, LESS", "what a session shows long answers with, less if neither is set: SEGQ_PAGER=off for none; LESS adds options to those that segq gives it; it writes no files and starts no editor and no shell, unless LESSSECURE is set (LESSSECURE=0)"},
	{"TMUX, STY, SSH_CONNECTION, SSH_TTY, WAYLAND_DISPLAY, DISPLAY", "how .copy of a session reaches the clipboard"},
	{"TERM", "dumb: no colours, and a session as with --accessible"},
	{"ACCESSIBLE", "a session as with --accessible, which prints lines and repaints nothing, for screen readers"},
	{"TMUX, XTERM_VERSION", "what kind of terminal a session is in: whether it wraps lines anew when it becomes narrower"},
	{"GOGC", "how soon memory is collected; set it to take over from segq"},
	{"GOMEMLIMIT", "the limit of memory for the collector; set it to take over from segq, which derives it from --memory"},
	{"GOMAXPROCS", "the number of cores to use where --threads is not given"},
	{"SSL_CERT_FILE, SSL_CERT_DIR", "the authorities to trust for rediss://, where --redis-ca is not given, and for https://"},
	{"AWS_ACCESS_KEY_ID, AWS_ACCESS_KEY, AWS_SECRET_ACCESS_KEY, AWS_SECRET_KEY, AWS_SESSION_TOKEN, AWS_PROFILE, AWS_REGION", "for s3://, as the tools of AWS have them, with all others that they read; ~/.aws as well"},
	{"AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3", "the server of s3://, where it is not that of AWS"},
	{"AWS_CA_BUNDLE", "the authorities to trust for s3://"},
	{"AWS_SKIP_SIGNATURE", "true: ask s3:// as anybody, without credentials"},
	{"GOOGLE_APPLICATION_CREDENTIALS, GOOGLE_CLOUD_QUOTA_PROJECT", "for gs://, as the tools of Google Cloud have them; what gcloud auth application-default login has written is found without"},
	{"STORAGE_EMULATOR_HOST", "the server of gs://, where it is not that of Google"},
	{"AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_ACCOUNT, AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_SERVICE_ENDPOINT", "for az://, as the tools of Azure have them"},
}

func environmentTopic() string {
	var b strings.Builder
	b.WriteString("## Environment\n\n| variable | meaning |\n|---|---|\n")
	for _, v := range variables {
		fmt.Fprintf(&b, "| %s | %s |\n", v.name, v.meaning)
	}
	return b.String()
}

func configurationTopic() string {
	var b strings.Builder
	b.WriteString("## Configuration\n\nWhat a command line does not say is looked for in these places. The first that says it decides.\n\n")
	b.WriteString("- the environment: SEGQ_ and the name of the flag in capitals, with _ for -, such as SEGQ_FORMAT\n")
	b.WriteString("- the project's file: .segq.toml in the current directory or one above it\n")
	b.WriteString("- your own file: segq/config.toml below XDG_CONFIG_HOME, or ~/.config; --config FILE or SEGQ_CONFIG is another in its place\n")
	b.WriteString("- the system's: segq/config.toml below XDG_CONFIG_DIRS, or /etc/xdg\n\n")
	b.WriteString("--no-config, or SEGQ_NO_CONFIG, reads no file. The files are TOML. Their keys are the long names of flags, and data, the files to open where DATA is not given. ")
	b.WriteString("A table such as [submit] is for one command:\n\n  format = \"ndjson\"\n  data = [\"profiles.parquet\"]\n\n  [submit]\n  class = \"batch\"\n\n")
	b.WriteString("segq config path tells which files there are, segq config show what is set and where, segq config validate what is wrong.\n\n")
	project, others := config.Keys(commandTree())
	b.WriteString("### What a project may set\n\ndata, " + strings.Join(project, ", ") + ".\n\nA project's file may be anybody's: it cannot connect, name secrets, or write.\n\n")
	b.WriteString("### What only you, the system and the environment may set\n\n" + strings.Join(others, ", ") + ".\n")
	return b.String()
}

func redisTopic() string {
	var b strings.Builder
	b.WriteString("## Redis\n\nWorkers hold the data and answer what is in a queue in Redis. Clients need no data.\n\n")
	b.WriteString("  export SEGQ_REDIS_URL=redis://127.0.0.1:6379\n  segq --serve profiles.parquet\n  segq submit --wait -c 'loyalty.tier = \"gold\"'\n  segq --attach\n\n")
	b.WriteString("The URL is redis://[user:password@]host:port[/db], rediss:// with TLS, or unix:///path. ")
	b.WriteString("A URL with a password belongs into SEGQ_REDIS_URL, or the password into a file for --redis-password-file; on a command line it is refused. ")
	b.WriteString("Workers and clients meet in a --namespace; --tenant and --class say whose jobs they are, and how urgent. ")
	b.WriteString("SEGQ_REDIS_URL alone makes no run one of the queue: --attach, --serve, --http and the commands of the queue use it.\n\n")
	b.WriteString("segq doctor finds what is wrong with the server, the rights and the queue; segq status, watch, results, cancel and jobs are about jobs, segq dead about those that were given up.\n")
	return b.String()
}

// outputs says what the formats of output are for.
var outputs = map[string]string{
	"table":    "columns for people",
	"vertical": "a line a value, for rows that are wide",
	"markdown": "a table in Markdown",
	"csv":      "with a head; null is an empty cell, an empty text \"\"",
	"tsv":      "as csv, between tabs",
	"json":     "one array",
	"ndjson":   "a line of JSON each",
	"parquet":  "columns with their types, nested ones too",
	"arrow":    "an Arrow IPC file, with types as in parquet",
	"none":     "nothing: to measure, or for the status alone",
}

func formatsTopic() string {
	var b strings.Builder
	b.WriteString("## Formats\n\n### Data\n\nFiles are read by their extensions: " + load.Formats() + ". A folder is all of them below it; - is standard input. ")
	b.WriteString("A pipe needs none: its content tells, or --input-format. A .segq file is made by segq pack. Addresses are read like files: s3://, gs://, az:// and https://.\n\n")
	b.WriteString("### Output\n\n--format NAME, or the extension of -o FILE. Rows are what --ids and --select give; counts are all other answers.\n\n")
	b.WriteString("| format | extensions | for | |\n|---|---|---|---|\n")
	for _, f := range printer.Table() {
		of := "rows"
		if f.Answers {
			of = "counts, rows"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", f.Name, strings.Join(f.Extensions, " "), of, outputs[f.Name])
	}
	b.WriteString("\nsegq memberships has one more, roaring (.tar): an archive with a Roaring bitmap for each audience.\n")
	return b.String()
}

func pqlTopic() string {
	var b strings.Builder
	b.WriteString("## PQL in a page\n\nA query is a condition over one profile, such as\n\n")
	b.WriteString("  homeAddress.countryCode = \"CA\" and xEvent[eventType = \"commerce.purchases\"]\n\n")
	b.WriteString("or any other expression, whose values --values describes. segq help NAME explains a function, a word or a chapter; ")
	b.WriteString("segq schema lists the fields; segq explain shows what a query means.\n\n")
	for _, title := range []string{"Writing queries", "Operators", "Functions"} {
		e := manual.Find(title)[0]
		if title == "Operators" { // the table alone
			e.Text, _, _ = strings.Cut(e.Text, "\n### ")
		}
		b.WriteString("### " + title + "\n\n" + e.Text + "\n")
	}
	b.WriteString("### Chapters\n\n")
	for _, e := range manual.Chapters() {
		b.WriteString("- " + e.Title + "\n")
	}
	return b.String()
}

// Reads the Prometheus text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), strictly: what a scraper
// would refuse throws here.

/** One metric family: its type and its samples, each by name and labels. */
export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/y;

/** Families by name. Throws on a line that is none, a sample outside its family, and a family told twice. */
export function parseExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let current: { name: string; family: Family } | undefined;
  const help = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === "HELP") help.set(name, rest);
    else if (kind === "TYPE") {
      if (families.has(name)) throw new Error(`${name} is told twice`);
      current = { name, family: { type: rest, help: help.get(name) ?? "", samples: [] } };
      families.set(name, current.family);
    } else {
      const [, sample = "", labels = "", value = ""] = sampleLine.exec(line) ?? [];
      if (sample === "" || current === undefined) throw new Error(`no sample: ${line}`);
      const suffix = sample.slice(current.name.length);
      const suffixes = current.family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      if (!sample.startsWith(current.name) || !suffixes.includes(suffix)) {
        throw new Error(`${sample} stands in ${current.name}`);
      }
      current.family.samples.push({ name: sample, labels: readLabels(labels), value: readValue(value) });
    }
  }
  return families;
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (label.lastIndex < text.length) {
    const found = label.exec(text);
    if (found === null) throw new Error(`no labels: ${text}`);
    labels[found[1] ?? ""] = (found[2] ?? "").replace(/\\([\\n"])/g, (_, one: string) => (one === "n" ? "\n" : one));
  }
  return labels;
}

function readValue(text: string): number {
  if (/^[-+]?(?:Inf|Nan)$/i.test(text)) return Number(text.replace("Inf", "Infinity"));
  if (!/^[-+]?[0-9.]+(?:e[-+]?[0-9]+)?$/i.test(text)) throw new Error(`no value: ${text}`);
  return Number(text);
}

// Owns the text form of command output: JSON values written as YAML, laid out as simd writes them (sorted keys, lists
// not indented under their key). It only writes; nothing in this program reads YAML.

/** A JSON value as the command line prints it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

// YAML 1.1 readers take these words for booleans or null when unquoted.
const reserved = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"]);

/** One string as a YAML scalar: plain when every reader takes it for the same string, else quoted. */
export function yamlString(text: string): string {
  if (text === "") return '""';
  if (/\p{Cc}|[\u2028\u2029]/u.test(text.replaceAll("\t", " "))) return JSON.stringify(text);
  const looksNumeric =
    /^[-+]?([0-9][0-9_]*|0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*(:[0-5]?[0-9])+)$/.test(text) ||
    /^[-+]?(\.[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*|[0-9][0-9_]*)([eE][-+]?[0-9]+)?$/.test(text) ||
    /^[-+]?\.(inf|nan)$/i.test(text) ||
    /^\d{4}-\d\d?-\d\d?([Tt ]|$)/.test(text);
  if (looksNumeric || reserved.has(text.toLowerCase())) return JSON.stringify(text);
  const plain =
    /^[^\s\-?:,[\]{}#&*!|>'"%@`=<]/.test(text) && !/\s$/.test(text) && !/: |:$| #/.test(text) && !/\t/.test(text);
  const dashed = /^-[A-Za-z]/.test(text) && !/: |:$| #/.test(text);
  return plain || dashed ? text : `'${text.replaceAll("'", "''")}'`;
}

function scalar(value: string | number | boolean | null): string {
  return typeof value === "string" ? yamlString(value) : String(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lines(value: Json): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return ["[]"];
    return (value as readonly Json[]).flatMap((item) => {
      const inner = lines(item);
      return inner.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
    });
  }
  if (!isObject(value)) return [scalar(value as string | number | boolean | null)];
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (keys.length === 0) return ["{}"];
  return keys.flatMap((key) => {
    const inner = value[key] as Json;
    const name = yamlString(key);
    const nested = lines(inner);
    const isBlock = (Array.isArray(inner) && inner.length > 0) || (isObject(inner) && Object.keys(inner).length > 0);
    if (!isBlock) return [`${name}: ${nested[0]}`];
    // simd (sigs.k8s.io/yaml) does not indent lists under their key, but does indent mappings.
    return [`${name}:`, ...nested.map((line) => (Array.isArray(inner) ? line : `  ${line}`))];
  });
}

/** The value as YAML text, ending in a newline. */
export function toYaml(value: Json): string {
  return `${lines(value).join("\n")}\n`;
}

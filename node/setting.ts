/** Owns what a setting is: its file, name, kind, default and comment. Which settings there are stands in config-settings.ts. */

/** The files of `<home>/config`. */
export type ConfigFile = "config" | "app" | "client";

/** What a setting's text stands for. */
interface KindValues {
  text: string;
  number: number;
  boolean: boolean;
  /** Milliseconds; written as Go durations, "1s", "500ms". */
  duration: number;
  /** A TOML list of texts. */
  list: readonly string[];
}

/** One setting. `name` is `key` or `section.key`. */
export interface Setting<Kind extends keyof KindValues = keyof KindValues> {
  readonly file: ConfigFile;
  readonly name: string;
  readonly kind: Kind;
  readonly value: KindValues[Kind];
  readonly comment: string;
}

/** The value type of a setting. */
export type SettingValue<S> = S extends Setting<infer Kind> ? KindValues[Kind] : never;

/** A setting, its kind kept for the type of its value. */
export function setting<Kind extends keyof KindValues>(
  file: ConfigFile,
  name: string,
  kind: Kind,
  value: KindValues[Kind],
  comment: string,
): Setting<Kind> {
  return { file, name, kind, value, comment };
}

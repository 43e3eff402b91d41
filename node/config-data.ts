/** Owns the settings of `[data]` in config.toml: which contributed texts a node keeps. Does not own what is done with them (node/data/). */
import { setting } from "./setting.ts";

/** The settings of `[data]`, in the order of the file. */
export const dataSettings = {
  dataBudgetBytes: setting(
    "config",
    "data.budget_bytes",
    "number",
    1_073_741_824,
    "Bytes of contributed texts this node keeps, and gives to peers that ask; 0 keeps and gives none.",
  ),
  dataDatanets: setting(
    "config",
    "data.datanets",
    "list",
    [],
    'Numbers of datanets whose texts this node fetches and keeps as they are recorded, such as ["1", "7"].',
  ),
} as const;

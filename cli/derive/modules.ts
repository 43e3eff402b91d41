// Owns which modules have commands and what their definitions say about them.
import type { AnyModuleDefinition, CliHint } from "../../chain/module/define.ts";

/** What a module says about one command; everything absent is derived. */
export type CommandHint = CliHint;

/** The modules of the application, in its order. Loaded late: commands without modules start faster. */
export async function commandModules(): Promise<readonly AnyModuleDefinition[]> {
  return (await import("../../modules/app.ts")).definitions;
}

/** The hint for an rpc. */
export function hintOf(module: AnyModuleDefinition, rpc: string): CommandHint {
  return module.cli?.[rpc] ?? {};
}
